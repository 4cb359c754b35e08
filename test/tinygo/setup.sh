#!/usr/bin/env bash
# Builds TinyGo 0.41.1 from its Go module and Debian's LLVM 19, for WebAssembly in a page only, into the folder $1
# (default: ~/.cache/forgego-tinygo). Needs Go, Debian bookworm or newer, and root for apt-get. Afterwards:
#
#	. ~/.cache/forgego-tinygo/env.sh
#
# TinyGo's own releases are at https://tinygo.org/getting-started/install; this is for a machine that reaches only Debian's
# mirror and the Go module proxy. Such a build says for each program that two features are unknown, which does no harm.
set -euo pipefail

version=v0.41.1
root=${1:-$HOME/.cache/forgego-tinygo}
mkdir -p "$root"
root=$(cd "$root" && pwd)
cd "$root"
if [ -f env.sh ]; then exit 0; fi

apt-get update -q
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
	g++ clang-19 lld-19 llvm-19-dev libclang-19-dev libclang-rt-19-dev-wasm32 wasi-libc binaryen

module=github.com/tinygo-org/tinygo@$version
go mod download "$module"
rm -rf src
cp -r "$(go env GOMODCACHE)/$module" src
chmod -R u+w src
mkdir -p src/src/net # a submodule that the Go module lacks; its folder must be there
(cd src && CGO_ENABLED=1 go build -tags llvm19 -o bin/tinygo .)

# Debian's C library and compiler's library, where TinyGo looks for those that it has built itself.
libc=cache/tinygo/wasi-libc-wasm32-unknown-wasi-generic
rt=cache/tinygo/compiler-rt-wasm32-unknown-wasi-generic
mkdir -p "$libc" "$rt" objects
cp /usr/lib/llvm-19/lib/clang/19/lib/wasi/libclang_rt.builtins-wasm32.a "$rt/lib.a"
rm -rf "$libc/include"
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

# Go would follow XDG_CACHE_HOME, and compile everything once more.
printf 'export TINYGOROOT=%q GOCACHE=%q XDG_CACHE_HOME=%q PATH=%q:$PATH\n' \
	"$root/src" "$(go env GOCACHE)" "$root/cache" "$root/src/bin" >env.sh
. ./env.sh
tinygo version
