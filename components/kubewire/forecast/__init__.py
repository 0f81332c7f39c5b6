"""What an apply will ask of AWS, said in the preview.

Each kind of resource counts its own calls (`Resource.calls`), the provider adds up what the engine previews
(`planned`), AWS's throttles make a least time of that (`throttles`), and a sentence tells it (`sentence`). The program
asks once all that it declared has been previewed: see `kubewire.network.parts.forecast`.
"""
