package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/alecthomas/kong"

	"github.com/forgego/forgego/internal/manifest"
	"github.com/forgego/forgego/internal/terminal"
)

// cli is the command line, as kong reads it.
type cli struct {
	New        newCommand        `cmd:"" help:"Write a new app: a page in Go, its tests and a backend."`
	Dev        devCommand        `cmd:"" help:"Run an app here: build its Go front ends, start its remotes and services, serve a local product page."`
	Mcp        mcpCommand        `cmd:"" help:"Run an app as dev does, and let an agent see and drive it by the Model Context Protocol on standard input and output."`
	Build      buildCommand      `cmd:"" help:"Build the app's Go front ends into their resource folders."`
	Module     moduleCommand     `cmd:"" help:"Build a Go program as an ES module, whose functions JavaScript calls."`
	Types      typesCommand      `cmd:"" help:"Write the TypeScript types of the functions that a Go program exports to JavaScript."`
	Vite       viteCommand       `cmd:"" help:"Write the plugin with which a Vite project imports Go programs."`
	Check      checkCommand      `cmd:"" help:"Report what forge deploy or a site would refuse: in manifest.yml, in the resources' files, and with --online in the backend."`
	Tunnel     tunnelCommand     `cmd:"" help:"Serve the app's Go front ends to forge tunnel, so that saves appear on a real site."`
	Doctor     doctorCommand     `cmd:"" help:"Say which of Go, TinyGo, Node.js, the Forge CLI and browsers are installed, and what to do."`
	Completion completionCommand `cmd:"" help:"Print a script that completes commands and flags in bash, zsh or fish."`
	Complete   completeCommand   `cmd:"" hidden:""`
	Version    versionCommand    `cmd:"" help:"Print the versions of forgego, Go, TinyGo and Atlassian's client."`
	Help       helpCommand       `cmd:"" help:"Print this help, or that of a command."`

	VersionFlag kong.VersionFlag `name:"version" help:"Print the version."`
}

// console is where a command prints.
type console struct {
	out, err io.Writer
	// isTerminal says that err is a terminal.
	isTerminal bool
	paint      terminal.Painter // for err
}

func newConsole(out, err io.Writer) console {
	c := console{out: out, err: &lockedWriter{to: err}}
	if f, ok := err.(*os.File); ok && terminal.IsTerminal(f) {
		c.isTerminal, c.paint = true, terminal.NewPainter(f)
	}
	return c
}

// say prints a line of progress.
func (c console) say(format string, args ...any) { fmt.Fprintf(c.err, format+"\n", args...) }

// Exit statuses.
const (
	statusOK    = 0
	statusError = 1
	statusUsage = 2
)

// run runs the whole program and returns its exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c := newConsole(stdout, stderr)
	helped := false
	parser, err := kong.New(&cli{},
		kong.Name("forgego"),
		kong.Description("Atlassian Forge Custom UI in Go. Unofficial; not affiliated with Atlassian."),
		kong.Writers(c.out, c.err),
		kong.Exit(func(int) { helped = true }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(c),
		kong.Vars{"version": version()},
	)
	if err != nil {
		c.say("forgego: %v", err)
		return statusError
	}
	command, err := parser.Parse(args)
	switch {
	case helped: // --help has printed already
		return statusOK
	case err != nil:
		// An option that may be left out is not a value of its own.
		text := strings.Replace(err.Error(), `must be one of "",`, "must be one of ", 1)
		help := "forgego"
		if wrong, ok := errors.AsType[*kong.ParseError](err); ok && wrong.Context.Selected() != nil {
			selected := wrong.Context.Selected()
			help = "forgego " + selected.Name
			// Most servers have --port, and kong proposes a flag with a similar name.
			flag, _, _ := strings.Cut(strings.TrimPrefix(text, "unknown flag "), ",")
			if (flag == "--port" || flag == "-p") && slices.ContainsFunc(selected.Flags, func(f *kong.Flag) bool { return f.Name == "addr" }) {
				text = "unknown flag " + flag + ", did you mean \"--addr 127.0.0.1:PORT\"?"
			}
		}
		c.say("forgego: %s\nSee %s --help.", text, help)
		return statusUsage
	}
	err = command.Run()
	switch {
	case ctx.Err() != nil:
		// If the command failed because it was stopped, do not print the error.
		c.say("forgego: stopped")
		if err != nil {
			return statusError
		}
	case errors.Is(err, errFound):
		return statusError
	case err != nil:
		report(c, err)
		return statusError
	}
	return statusOK
}

// report prints an error. If the error starts with a place, such as "manifest.yml:12:9: …", it is printed without a
// prefix, so that editors and terminals recognise the place.
func report(c console, err error) {
	if _, ok := errors.AsType[*manifest.Error](err); ok {
		c.say("%v", err)
		return
	}
	c.say("forgego: %v", err)
}

// lockedWriter lets a command's goroutines print without mixing their lines.
type lockedWriter struct {
	mu sync.Mutex
	to io.Writer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}
