package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/forgego/forgego/internal/check"
	"github.com/forgego/forgego/internal/terminal"
	"github.com/forgego/forgego/internal/weburl"
)

// checkCommand reports what forge deploy or a site would refuse.
type checkCommand struct {
	Online bool   `help:"Also ask the app's remotes and Forge's key set: TLS, and whether a site's pages may call them."`
	Site   string `placeholder:"https://YOUR-SITE.atlassian.net" help:"The site whose pages call the remotes, for --online."`
	Format string `enum:"text,json,github" default:"text" placeholder:"text|json|github" help:"text, json, or github for annotations of GitHub Actions. Default: ${default}."`
	Dir    string `arg:"" optional:"" default:"." help:"The app's folder, the one with manifest.yml."`
}

// Validate checks the flags, and makes Site the origin that browsers send.
func (d *checkCommand) Validate() error {
	if d.Site == "" {
		return nil
	}
	u, err := weburl.Parse(d.Site)
	if err != nil || u.Scheme != "https" || u.Path != "/" || u.Query != "" {
		return fmt.Errorf("--site %q is not the address of a site; write it as https://YOUR-SITE.atlassian.net", d.Site)
	}
	d.Site = u.Origin()
	return nil
}

// errFound makes the exit status 1. Its problems have been printed.
var errFound = errors.New("problems found")

// Run prints the problems to standard output. Errors make the exit status 1, warnings do not.
func (d *checkCommand) Run(ctx context.Context, c console) error {
	problems := check.Run(ctx, check.Options{Dir: d.Dir, Online: d.Online, Site: d.Site})
	var style check.Style
	if f, ok := c.out.(*os.File); ok && terminal.IsTerminal(f) {
		style = check.Style{Excerpts: true, Paint: terminal.NewPainter(f)}
	}
	if err := check.Write(c.out, problems, check.Format(d.Format), style); err != nil {
		return err
	}
	for _, p := range problems {
		if p.Severity == check.Error {
			return errFound
		}
	}
	return nil
}
