#!/bin/sh
# Runs a command again and again beside two busy loops, as a slow machine would, and says how often it failed:
#
#	test/tools/busy/run.sh 10 make test-js
#
# The output of a run that fails is printed.
set -u
runs=$1
shift
out=$(mktemp)
loops=
for _ in 1 2; do
	nice sh -c 'while :; do :; done' &
	loops="$loops $!"
done
trap 'kill $loops; rm -f "$out"' EXIT
trap 'exit 1' HUP INT TERM
failed=0
for run in $(seq "$runs"); do
	if "$@" >"$out" 2>&1; then
		echo "run $run passed"
	else
		failed=$((failed + 1))
		echo "run $run failed:"
		cat "$out"
	fi
done
echo "$failed of $runs runs failed"
[ "$failed" = 0 ]
