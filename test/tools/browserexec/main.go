package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"sync"
	"syscall"

	"github.com/forgego/forgego/test/harness/browser"
)

// failed is the exit status if the program did not return its own.
const failed = 2

func main() {
	wasmExec := flag.String("wasm-exec", "", "the wasm_exec.js that starts the program; that of the go command in PATH by default")
	names := flag.String("browser", "chromium", "the browsers: chromium, firefox, webkit, several with commas, or all")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: GOOS=js GOARCH=wasm go test -exec 'PATH/browserexec [-browser NAMES]' PACKAGES\n"+
			"       browserexec [-browser NAMES] [-wasm-exec FILE] TEST-BINARY [FLAGS OF THE TEST-BINARY]")
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(failed)
	}
	engines, err := browser.ParseEngines(*names)
	if err != nil {
		fmt.Fprintln(os.Stderr, "browserexec:", err)
		os.Exit(failed)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := &program{wasmExec: *wasmExec, binary: flag.Arg(0), args: flag.Args()[1:]}
	var status int
	if len(engines) == 1 {
		status = p.run(ctx, engines[0], os.Stdout, os.Stderr)
	} else {
		status = p.runInEach(ctx, engines, os.Stdout)
	}
	stop()
	os.Exit(status)
}

// program is the test binary and its flags.
type program struct {
	wasmExec, binary string
	args             []string
}

// run runs the program in a browser and returns its exit status.
func (p *program) run(ctx context.Context, engine browser.Engine, stdout, stderr io.Writer) int {
	status, err := p.show(ctx, engine, stdout, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "browserexec:", err)
		return failed
	}
	return status
}

func (p *program) show(ctx context.Context, engine browser.Engine, stdout, stderr io.Writer) (int, error) {
	flags, err := parse(p.args)
	if err != nil {
		return 0, err
	}
	server, err := serve(p.wasmExec, p.binary, flags.args, stdout, stderr)
	if err != nil {
		return 0, err
	}
	defer server.Close()
	return show(ctx, engine, server, flags.limit)
}

// runInEach runs the program in several browsers at once. It prints the outputs one after the other, each with both streams,
// below the name of its browser. It returns the highest exit status.
func (p *program) runInEach(ctx context.Context, engines []browser.Engine, out io.Writer) int {
	outputs, statuses := make([]output, len(engines)), make([]int, len(engines))
	var running sync.WaitGroup
	for i, engine := range engines {
		running.Go(func() { statuses[i] = p.run(ctx, engine, &outputs[i], &outputs[i]) })
	}
	running.Wait()
	for i, engine := range engines {
		fmt.Fprintf(out, "in %s\n%s", engine, outputs[i].text.Bytes())
	}
	return slices.Max(statuses)
}

// output keeps what the requests of a page write.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}
