// Package check reports what forge deploy or a site would refuse of an app: in its manifest.yml, in the folders of its
// resources, and, if asked, in its running backend.
//
// The rules follow @forge/manifest 13.7.0 and https://developer.atlassian.com/platform/forge/manifest-reference/. A manifest
// that Atlassian's package accepts has no error here, as far as the manifest alone is concerned: what only we know of a
// manifest is a warning. What the files of a resource prevent is an error.
package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"

	"github.com/forgego/forgego/internal/check/forge"
	"github.com/forgego/forgego/internal/manifest"
)

// Options are the options of Run. Dir is required.
type Options struct {
	// Dir is the app's folder.
	Dir string
	// Online also asks the app's remotes and the platform's key set.
	Online bool
	// Site is the origin of the site whose pages call the remotes. The default is an example.
	Site string
	// Client sends these requests. The default is a client of its own.
	Client *http.Client
}

// Run checks an app. The result is empty if nothing is wrong.
func Run(ctx context.Context, o Options) []Problem {
	file := filepath.Join(o.Dir, "manifest.yml")
	if err := checkFolder(o.Dir); err != nil {
		return []Problem{{File: o.Dir, Severity: Error, Message: err.Error(), Fix: "Pass the folder of a Forge app."}}
	}
	doc, err := manifest.ReadDocument(o.Dir)
	if err != nil {
		return sorted(fromErrors(err, file, Error))
	}
	c := &checker{ctx: ctx, options: o, doc: doc, root: doc.Root}
	c.parsed()
	dev, err := manifest.LoadDev(o.Dir)
	c.problems = append(c.problems, fromErrors(err, filepath.Join(o.Dir, "forgego.yml"), Error)...)
	c.readResources(dev)
	c.manifest()
	c.files()
	c.development(dev)
	if o.Online {
		c.online()
	}
	return sorted(c.problems)
}

// Document checks what a document says, without other files.
func Document(doc *manifest.Document) []Problem {
	c := &checker{ctx: context.Background(), doc: doc, root: doc.Root}
	c.parsed()
	c.manifest()
	return sorted(c.problems)
}

func checkFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such folder")
	case err != nil:
		return fmt.Errorf("the folder cannot be opened: %w", cause(err))
	case !info.IsDir():
		return errors.New("this is not a folder")
	}
	return nil
}

// cause returns the system's own error, without the operation and the path.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

type checker struct {
	ctx      context.Context
	options  Options
	doc      *manifest.Document
	root     *manifest.Part
	problems []Problem
	// resources holds the resources with a key and a path.
	resources []*resource
}

func (c *checker) add(p Problem) { c.problems = append(c.problems, p) }

func (c *checker) at(at *manifest.Part, severity Severity, fix, format string, args ...any) {
	line, column := 1, 1
	if at != nil {
		line, column = at.Line, at.Column
	}
	c.add(fromError(c.doc.Fault(line, column, fix, fmt.Sprintf(format, args...)), severity))
}

func (c *checker) fail(at *manifest.Part, fix, format string, args ...any) {
	c.at(at, Error, fix, format, args...)
}

func (c *checker) warn(at *manifest.Part, fix, format string, args ...any) {
	c.at(at, Warning, fix, format, args...)
}

// parsed adds what was found when the manifest was read.
func (c *checker) parsed() {
	for _, e := range c.doc.Faults {
		c.add(fromError(e, Error))
	}
	for _, e := range c.doc.Warnings {
		c.add(fromError(e, Warning))
	}
}

// manifest checks what the manifest alone tells.
func (c *checker) manifest() {
	for _, f := range forge.Manifest().Check(c.root, "", isInternal) {
		c.shapeFault(f)
	}
	c.app()
	c.modules()
	c.references()
	c.singles()
	c.shortcuts()
	c.remotes()
	c.permissions()
	c.providers()
	c.storage()
	c.translationKeys()
}
