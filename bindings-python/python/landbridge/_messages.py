"""What is said where no call crosses to core: from core/messages.toml."""

# generated: messages.python


def not_a(place: object, expected: object, given: object) -> str:
    return f"{place}: expected {expected}, got {given}"


def sent_exception() -> str:
    return "the store is closed: the exception was sent out of it"


def altered(found: object, sent: object) -> str:
    return f"the module was altered on its way: its digest is {found}, not {sent}"


def cancelled() -> str:
    return "the call was cancelled"


def no_call_thread(why: object) -> str:
    return f"a thread for asynchronous calls cannot be started: {why}"


def exited(code: object) -> str:
    return f"the guest ended with exit code {code}"


def not_caught(tag: object) -> str:
    return f"an exception of a {tag} was not caught"
# end generated
