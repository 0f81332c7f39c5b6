"""An embedded AWS as strict as AWS: moto keeps the state, and the rules here make it answer as AWS would.

A call goes through `application` (which call is it?) and the layers of `pipeline` (what AWS does with every call) to
the rules of its operation, and between those to moto. Rules see what the service's model says, by its names, never
the wire; `wire` writes answers and refusals by that model.

    request -> wire -> credentials, throttling, parameters, DryRun, ClientToken, filters, paging
                         -> rules: exists, before -> moto (or answers) -> after -> wire -> response

How to add an area
------------------
Put a file into `ec2/`, `elbv2/`, `route53/` or `service_quotas/`: one kind of thing each, below 200 lines, one
behaviour a function, each with the page of AWS's documentation that says so. It is found by itself; there is no list
to add it to.

    ADDRESSES = quota("elastic-ips-per-region", default=5, page="https://docs.aws.amazon.com/...")
    AVAILABLE = duration("nat-gateway.available", aws=90.0, page="https://docs.aws.amazon.com/...")

    @exists("ec2", "NatGatewayId", "NatGatewayIds")        # every id of that name, in any call, before all else
    def gateway_exists(call: Call, gateway_id: str) -> None:
        if gateway_id not in call.ec2.nat_gateways:
            raise Refusal("NatGatewayNotFound", f"The Nat Gateway {gateway_id} was not found")

    @before("ec2", "AllocateAddress")                       # raises, or returns the call with other parameters
    def address_quota(call: Call) -> None:
        if len(call.ec2.addresses) >= call.limit(ADDRESSES):
            raise Refusal("AddressLimitExceeded", "The maximum number of addresses has been reached.")

    @after("ec2", "CreateNatGateway")                       # changes moto's state and the answer
    def gateway_starts_pending(call: Call, answer: Answer) -> None:
        gateway = call.ec2.nat_gateways[answer["NatGateway"]["NatGatewayId"]]
        gateway.state = answer["NatGateway"]["State"] = "pending"
        call.later(AVAILABLE, lambda: setattr(gateway, "state", "available"))

    @answers("route53", "ListHostedZones")                  # in moto's place; `proceed` asks moto
    def zones(call: Call, proceed: Proceed) -> Answer: ...

- State is moto's: `call.ec2`, `call.elbv2`, `call.route53` are its backends of the caller's account and region. Change
  it there, so that moto's own lists and filters show it. One area may look at and change another's: load balancers
  put their interfaces into `call.ec2`.
- What moto has no place for is a dataclass of the area's own: `call.notes(MyNotes)` is the one of this account and
  region, empty at first.
- Time: `call.later(DURATION, happens)`. With no duration set it happens once the call has been answered, so that a
  create answers `pending` and the next describe `available`, as on AWS. Never sleep, never look at the machine's
  clock; `call.emulator.clock` is the time.
- moto's types are partial: take what you need of it as Any, in one place, and say so.
- AWS's words are what users read. Take them from documentation or from what people have reported; where neither has
  them, say in the docstring that they are ours.
- The order of rules is that of the files' names, then of the functions in a file. Don't build on it across files.
- `DependencyViolation` on a VPC or subnet comes from what is in moto: see `_dependents` in `ec2/vpcs.py`.

Cases: `tests/integration/local/aws/test_<area>.py`, a table of `Case(title, page, *steps)`; the language of the steps
is in `case.py` there. Every answer in them is checked against the service's model on the wire, so a case also finds
what moto leaves out of an answer or writes wrongly; an `@after` rule puts that right.
"""
