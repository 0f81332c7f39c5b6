"""The proof: what a network lets through, from what the engine is about to do.

    facts/        what is known, in one model
    from_plan/    facts from `pulumi preview --json` and `pulumi stack export`
    reach/        who reaches whom with what, exactly, class by class
    properties/   what must hold, one property a file
    witness.py    a packet's way, hop by hop
    verdict.py    holds, broken or not proven
    prove.py      start here

Pure: nothing here calls Pulumi, AWS or Kubernetes.
"""
