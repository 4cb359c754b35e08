#!/usr/bin/env bash
# Builds TinyGo 0.41.1 from its Go module and Debian's LLVM 19, for WebAssembly in a page only, into the folder $1
# (default: ~/.cache/forgego-tinygo). Needs Go, Debian bookworm or newer, and root unless Debian's packages are there.
# Takes some two minutes, and nothing when it is there already. Afterwards:
#
#	. ~/.cache/forgego-tinygo/env.sh
#
# TinyGo's own releases are at https://tinygo.org/getting-started/install; this is for a machine that reaches only Debian's
# mirror and the Go module proxy. Such a build says for each program that two features are unknown, which does no harm.
set -Eeuo pipefail

version=v0.41.1
packages="g++ clang-19 lld-19 llvm-19 llvm-19-dev libclang-19-dev libclang-rt-19-dev-wasm32 wasi-libc binaryen"

step='looking for the folder'
trap 'echo "$0: TinyGo is not installed: $step failed." >&2' ERR
fail() {
	echo "$0: $1" >&2
	exit 1
}

script=$(sha256sum <"$0")
root=${1:-$HOME/.cache/forgego-tinygo}
mkdir -p "$root"
root=$(cd "$root" && pwd)
cd "$root"

# Two at once would write over each other.
exec 9>lock
flock 9

# env.sh comes last, and only when the compiler works. It begins with what it was made by.
if [ -f env.sh ] && [ "$(head -n 1 env.sh)" = "# $script" ]; then
	echo "TinyGo ${version#v} is in $root."
	exit 0
fi
rm -rf env.sh env.new src cache objects

step="installing Debian's packages"
installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}\n' $packages 2>/dev/null | grep -cx installed)" = "$(echo $packages | wc -w)" ]
}
if ! command -v dpkg-query >/dev/null; then
	fail "it builds TinyGo on Debian only. Install TinyGo ${version#v} from https://tinygo.org/getting-started/install"
elif ! installed; then
	if [ "$(id -u)" != 0 ]; then
		fail "Debian's packages $packages are needed: run it as root, or install them by sudo apt-get install"
	fi
	apt-get update -q
	DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages
fi

step="loading TinyGo's module"
module=github.com/tinygo-org/tinygo@$version
go mod download "$module"
cp -r "$(go env GOMODCACHE)/$module" src
chmod -R u+w src
mkdir -p src/src/net # a submodule that the Go module lacks; its folder must be there

step='building TinyGo'
(cd src && CGO_ENABLED=1 go build -tags llvm19 -o bin/tinygo .)

step="putting Debian's C library in its place"
# It lies, with the compiler's library, where TinyGo looks for those that it has built itself.
libc=cache/tinygo/wasi-libc-wasm32-unknown-wasi-generic
rt=cache/tinygo/compiler-rt-wasm32-unknown-wasi-generic
mkdir -p "$libc" "$rt" objects
cp /usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a "$rt/lib.a"
cp -r /usr/include/wasm32-wasi "$libc/include"
cp /usr/lib/wasm32-wasi/libc.a "$libc/lib.a"

# Debian's C library asserts, which links printf (25 KB), and copies byte by byte. Four of its members are replaced.
member() {
	clang-19 --target=wasm32-wasi -Oz -mbulk-memory -x c -c - -o "objects/$1.o"
}
echo '_Noreturn void __assert_fail(const char *e, const char *f, int l, const char *n) { __builtin_trap(); }' | member assert
echo 'void *memcpy(void *restrict d, const void *restrict s, unsigned long n) { return __builtin_memcpy(d, s, n); }' | member memcpy
echo 'void *memmove(void *d, const void *s, unsigned long n) { return __builtin_memmove(d, s, n); }' | member memmove
echo 'void *memset(void *d, int c, unsigned long n) { return __builtin_memset(d, c, n); }' | member memset
llvm-ar-19 rs "$libc/lib.a" objects/assert.o objects/memcpy.o objects/memmove.o objects/memset.o

step='building a first program'
# Go would follow XDG_CACHE_HOME, and compile everything once more.
printf '# %s\nexport TINYGOROOT=%q GOCACHE=%q XDG_CACHE_HOME=%q PATH=%q:$PATH\n' \
	"$script" "$root/src" "$(go env GOCACHE)" "$root/cache" "$root/src/bin" >env.new
. ./env.new
printf 'package main\n\nfunc main() { println("it runs") }\n' >objects/main.go
tinygo build -target=wasm -o objects/main.wasm objects/main.go
mv env.new env.sh
tinygo version
