package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/forgego/forgego/test/harness/browser"
)

// failed is the exit status if the program did not return its own.
const failed = 2

func main() {
	wasmExec := flag.String("wasm-exec", "", "the wasm_exec.js that starts the program; that of the go command in PATH by default")
	engine := flag.String("browser", "chromium", "the browser: chromium, firefox or webkit")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: GOOS=js GOARCH=wasm go test -exec 'PATH/browserexec [-browser NAME]' PACKAGES\n"+
			"       browserexec [-browser NAME] [-wasm-exec FILE] TEST-BINARY [FLAGS OF THE TEST-BINARY]")
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(failed)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status, err := run(ctx, browser.Engine(*engine), *wasmExec, flag.Arg(0), flag.Args()[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "browserexec:", err)
		status = failed
	}
	os.Exit(status)
}

func run(ctx context.Context, engine browser.Engine, wasmExec, binary string, args []string) (int, error) {
	if !slices.Contains(browser.All, engine) {
		return 0, fmt.Errorf("there is no browser %q: use chromium, firefox or webkit", engine)
	}
	flags, err := parse(args)
	if err != nil {
		return 0, err
	}
	server, err := serve(wasmExec, binary, flags.args, os.Stdout, os.Stderr)
	if err != nil {
		return 0, err
	}
	defer server.Close()
	return show(ctx, engine, server, flags.limit)
}
