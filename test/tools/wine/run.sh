#!/bin/sh
# Runs native tests as Windows programs under Wine, as go test does:
#
#	test/tools/wine/run.sh [FLAGS] PACKAGES
#
# It needs Wine (Debian: wine64). For a Wine older than 9, it also needs GNU ld (Debian: binutils). The script creates what
# is missing: the one function that such a Wine lacks, a package os that deletes files without a call that Wine lacks, and
# Go for Windows for tests that build a front end. Go for Windows takes minutes the first time and is kept in
# ~/.cache/forgego-wine.
set -eu

wine=$(command -v wine64 || command -v wine || echo /usr/lib/wine/wine64)
[ -x "$wine" ] || { echo "The Windows tests need Wine: install it (Debian: sudo apt-get install wine64)." >&2; exit 1; }

work=$(mktemp -d)
WINEPREFIX=$work/prefix WINEDEBUG=-all
export WINEPREFIX WINEDEBUG
finish() {
	server=$(command -v wineserver || echo /usr/lib/wine/wineserver64)
	"$server" -k 2>/dev/null || true # only the server of WINEPREFIX
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

"$wine" wineboot -i >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }

# Each Go program gets its random numbers from ProcessPrng.
system=$WINEPREFIX/drive_c/windows/system32
if [ ! -e "$system/bcryptprimitives.dll" ]; then
	printf 'LIBRARY bcryptprimitives.dll\nEXPORTS\nProcessPrng = advapi32.SystemFunction036\n' >"$work/prng.def"
	ld -m i386pep -shared -o "$system/bcryptprimitives.dll" "$work/prng.def" || {
		echo "This Wine has no bcryptprimitives.dll, and ld cannot make one: install binutils, or Wine 9." >&2
		exit 1
	}
fi

cache=${XDG_CACHE_HOME:-$HOME/.cache}/forgego-wine/$(go env GOVERSION)
tools=$cache/pkg/tool/windows_amd64
mkdir -p "$cache/bin" "$tools"

# Wine does not know FileDispositionInformationEx. Without this change, no program can remove a folder.
root=$(go env GOROOT)
file=$root/src/internal/syscall/windows/at_windows.go
sed 's/^var TestDeleteatFallback bool/var TestDeleteatFallback = true/' "$file" >"$cache/at_windows.go"
printf '{"Replace":{"%s":"%s"}}' "$file" "$cache/at_windows.go" >"$cache/overlay.json"

# Go for Windows is this Go with other programs. It is complete if the last file exists.
if [ ! -e "$cache/complete" ]; then
	echo "Building Go for Windows, once." >&2
	for name in VERSION go.env src lib pkg/include; do
		ln -sfn "$root/$name" "$cache/$name"
	done
	(
		cd "$root/src"
		export GOOS=windows GOARCH=amd64 GOFLAGS= GOWORK=off
		go build -trimpath -overlay "$cache/overlay.json" -o "$cache/bin/" cmd/go
		go build -trimpath -overlay "$cache/overlay.json" -o "$tools/" cmd/compile cmd/link cmd/asm
	)
	touch "$cache/complete"
fi

# Returns the name of a file for a Windows program.
windows() { printf 'Z:%s' "$1" | tr / '\\'; }

cat >"$work/exec" <<END
#!/bin/sh
GOROOT='$(windows "$cache")' GOCACHE='$(windows "$cache/build")' GOMODCACHE='$(windows "$(go env GOMODCACHE)")' \\
	GOTOOLCHAIN=local GOPROXY=off WINEPATH='$(windows "$cache/bin")' exec "$wine" "\$@"
END
chmod +x "$work/exec"

GOOS=windows GOARCH=amd64 go test -overlay "$cache/overlay.json" -exec "$work/exec" "$@"
