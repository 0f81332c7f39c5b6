"""Facts from what Terraform is about to do, or has done: `terraform show -json` of a plan or a state.

    document.py     the JSON of either, as a list of resources
    kinds.py        the resource types that are read, and those that may be left aside
    values.py       a resource's attributes, with what is unknown or sensitive
    configuration.py, index.py, owners.py   references, to what they refer to
    network.py, routes.py, acls.py, groups.py, rules.py, machines.py, balancers.py, names.py, lists.py
                    a sort of resource each
    read.py         start here: `from_terraform`

Terraform's own words for resources, their addresses, are the names that facts have here. Of the AWS provider's
resources each means what its documentation says: https://registry.terraform.io/providers/hashicorp/aws/latest/docs.
"""
