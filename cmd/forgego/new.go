package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/forgego/forgego/internal/newapp"
	"github.com/forgego/forgego/internal/terminal"
)

// newCommand writes a new app.
type newCommand struct {
	Name     string `help:"What the product shows. Default: the folder's name."`
	Module   string `placeholder:"PATH" help:"The path of the Go module. Default: example.com/ and the folder's name."`
	Product  string `enum:",jira,confluence" default:"" placeholder:"jira|confluence" help:"The product. Default: jira, and confluence for a macro."`
	Template string `enum:"panel,page,macro,react" default:"panel" placeholder:"panel|page|macro|react" help:"Where the product shows the app: a panel of a work item or page, a page of its own, or a macro with a configuration. react is a panel whose page is in React and TypeScript, with its logic in Go. Default: ${default}."`
	Backend  string `enum:"go,none" default:"go" placeholder:"go|none" help:"go adds a server with a database; none makes an app that only uses the product's data. Default: ${default}."`
	Forgego  string `placeholder:"DIR" help:"A clone of forgego that the app uses. Default: the version, or the clone, from which this command was built."`
	Yes      bool   `short:"y" help:"Do not ask; use the defaults."`
	Dir      string `arg:"" help:"The app's folder, a new one or an empty one."`
}

// Help returns the text that the command's --help prints after the first line.
func (n *newCommand) Help() string {
	return "In a terminal, it asks for what no flag says: the name, the module and the product."
}

// Run writes the app, finds the modules that it needs, and says what to do next.
func (n *newCommand) Run(ctx context.Context, c console) error {
	if err := newapp.CheckFolder(n.Dir); err != nil {
		return err
	}
	source, err := newapp.FindSource(n.Forgego)
	if err != nil {
		return err
	}
	app := newapp.App{Name: n.Name, Module: n.Module, Product: n.Product, Template: n.Template, Backend: n.Backend == "go", Source: source}
	if err := n.complete(ctx, c, &app); err != nil {
		return err
	}
	if err := app.Write(n.Dir); err != nil {
		return err
	}
	c.say("Wrote %s: %s.", n.Dir, strings.ToLower(app.WhatItIs()[:1])+app.WhatItIs()[1:])
	c.say("Finding the modules that it needs …")
	if err := newapp.Tidy(ctx, n.Dir); err != nil {
		return fmt.Errorf("the app is written, but not ready: %w\nRun go mod tidy in %s", err, n.Dir)
	}
	c.say("\n%s", c.paint.Paint(terminal.Bold, "Next:"))
	if filepath.Clean(n.Dir) != "." {
		c.say("  cd %s", shellQuote(n.Dir))
	}
	if work := newapp.Workspace(n.Dir); work != "" {
		c.say("  go work use .   # the folder is in the workspace %s", work)
	}
	if n.Template == newapp.React {
		c.say("  npm install")
	}
	c.say("  forgego dev     # shows the app; save a file, and the page shows the change\n  go test ./...")
	return nil
}

// complete fills in what no flag says: by questions in a terminal, and by defaults elsewhere.
func (n *newCommand) complete(ctx context.Context, c console, app *newapp.App) error {
	products := newapp.Products(n.Template)
	questions := []struct {
		to        *string
		text      string
		byDefault string
		check     func(string) error
	}{
		{&app.Name, "Name", newapp.DefaultName(n.Dir), newapp.CheckName},
		{&app.Module, "Go module", newapp.DefaultModule(n.Dir), newapp.CheckModule},
		{&app.Product, "Product, " + strings.Join(products, " or "), products[0], func(answer string) error {
			if !slices.Contains(products, answer) {
				return fmt.Errorf("write %s", strings.Join(products, " or "))
			}
			return nil
		}},
	}
	asks := !n.Yes && c.isTerminal && terminal.IsTerminal(os.Stdin)
	answers := newLines(os.Stdin)
	for _, q := range questions {
		if *q.to != "" {
			continue
		}
		*q.to = q.byDefault
		if !asks || q.to == &app.Product && len(products) == 1 {
			continue
		}
		for {
			fmt.Fprintf(c.err, "%s [%s]: ", q.text, q.byDefault)
			answer, err := answers.next(ctx)
			if err != nil {
				c.say("")
				return err
			}
			if answer == "" {
				break
			}
			if err := q.check(answer); err != nil {
				c.say("  %v", err)
				continue
			}
			*q.to = answer
			break
		}
	}
	return app.Check()
}

// errNoAnswer means that the user has ended the input.
var errNoAnswer = errors.New("nothing was written")

// shellQuote returns a text as a shell must get it to read one word: in single quotes, unless each character is a plain one.
func shellQuote(text string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:"
	if text != "" && strings.Trim(text, plain) == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
