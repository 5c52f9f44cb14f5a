#!/bin/sh
# Validates a SARIF log with Microsoft's own validator, with GitHub's rules included.
#
#   tests/sarif-validate.sh LOG.sarif
#
# Needs npm and python3, and the network unless SARIF_MULTITOOL names the program. Fails if the
# validator reports an error; warnings and notes are printed.
set -eu

log=${1:?usage: tests/sarif-validate.sh LOG.sarif}
[ -s "$log" ] || { echo "$log: no such file, or empty" >&2; exit 2; }

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

if [ -z "${SARIF_MULTITOOL:-}" ]; then
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$dir" \
        @microsoft/sarif-multitool-linux@5.7.0 >&2
    SARIF_MULTITOOL=$dir/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
    chmod +x "$SARIF_MULTITOOL"
fi

# Without ICU on the machine the program starts only with invariant globalisation.
DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$SARIF_MULTITOOL" validate "$log" \
    --rule-kind 'Sarif;Ghas' --level 'Error;Warning;Note' -o "$dir/out.sarif" >"$dir/console" ||
    { cat "$dir/console" >&2; exit 1; }

# The validator exits with 0 whatever it finds; its verdict is in its own log.
python3 - "$dir/out.sarif" <<'PYTHON'
import json
import sys

run = json.load(open(sys.argv[1], encoding="utf-8-sig"))["runs"][0]
rules = {rule["id"]: rule for rule in run["tool"]["driver"].get("rules", [])}
failed = False
for result in run.get("results", []):
    level = result.get("level", "warning")
    message = result["message"]
    text = message.get("text")
    if text is None:
        text = rules[result["ruleId"]]["messageStrings"][message["id"]]["text"]
        for index, argument in enumerate(message.get("arguments", [])):
            text = text.replace("{%d}" % index, argument)
    print(f"{level} {result['ruleId']}: {text}")
    failed |= level == "error"
for invocation in run.get("invocations", []):
    for notification in invocation.get("toolExecutionNotifications", []):
        if notification.get("level") == "error":
            print("error", notification["message"]["text"])
            failed = True
sys.exit(failed)
PYTHON
