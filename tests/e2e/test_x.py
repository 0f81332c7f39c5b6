from tests.e2e.test_import import *
def test_x(projects,aws):
    p=projects.small("growing",nat="single"); p.up().ok()
    p.destroy().ok()
    for n in aws.ec2.describe_network_interfaces()["NetworkInterfaces"]: print(n)
def test_y(projects,aws,by_hand):
    stack = projects.program("office2", PROGRAM)
    stack.said("import", "kubewire:index:Vpc", "main", by_hand["vpc"], *QUIETLY)
    stack.said("import", "kubewire:index:SecurityGroup", "desks", by_hand["group"], *QUIETLY)
    print([r for r in stack.state()])
    print(stack.asked("preview","--diff","--stack","dev").stdout)
    assert 0
