"""The command line: one message, one target."""

import argparse
import sys

from courier import Message, transport_for
from courier.errors import DeliveryError


def main() -> int:
    parser = argparse.ArgumentParser(prog="courier")
    parser.add_argument("--to", required=True, help="folder:PATH, mail:ADDRESS, or an http address")
    parser.add_argument("--retries", type=int, default=3, help="how often a server is asked again")
    parser.add_argument("text")
    options = parser.parse_args()
    try:
        transport_for(options.to, attempts=options.retries + 1).send(Message.new(options.text))
    except DeliveryError as error:
        print(f"courier: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
