package mcpserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/forgego/forgego/devhost"
)

// accountInput chooses an account and a site. Each is a number or a name, or nil.
type accountInput struct {
	Account any `json:"account,omitempty" jsonschema:"the number or the name of an account, as status lists them"`
	Site    any `json:"site,omitempty" jsonschema:"the number or the name of a site, as status lists them"`
}

// numbers returns the numbers of the account and the site. A number is 0 if none is chosen.
func (in accountInput) numbers(c devhost.Choices) (account, site int, err error) {
	var accounts, sites []string
	for _, a := range c.Accounts {
		accounts = append(accounts, a.Name)
	}
	for _, s := range c.Sites {
		sites = append(sites, s.Name)
	}
	if account, err = numberOf("account", in.Account, accounts); err != nil {
		return 0, 0, err
	}
	site, err = numberOf("site", in.Site, sites)
	return account, site, err
}

// numberOf returns the number of the chosen one of some names. Numbers count from 1. A name may itself be a number in
// quotes, so names come first.
func numberOf(what string, chosen any, names []string) (int, error) {
	switch v := chosen.(type) {
	case nil:
		return 0, nil
	case float64:
		if n := int(min(max(v, 0), float64(len(names)+1))); float64(n) == v && 1 <= n && n <= len(names) {
			return n, nil
		}
	case string:
		if i := slices.Index(names, v); i >= 0 {
			return i + 1, nil
		}
		if n, err := strconv.Atoi(v); err == nil && 1 <= n && n <= len(names) {
			return n, nil
		}
	default:
		return 0, fmt.Errorf("%s must be a number or a name", what)
	}
	var known []string
	for i, name := range names {
		known = append(known, fmt.Sprintf("%d (%s)", i+1, name))
	}
	return 0, fmt.Errorf("there is no %s %v; there are %s; \"context\" in forgego.yml can set others", what, chosen, strings.Join(known, ", "))
}

type contextOutput struct {
	Context json.RawMessage `json:"context"`
}

func (s *server) setAccount(ctx context.Context, in accountInput) (any, error) {
	if in.Account == nil && in.Site == nil {
		return nil, errors.New("name an account, a site or both: status lists them")
	}
	h := s.Loop.Host()
	choices, err := h.Choices()
	if err != nil {
		return nil, err
	}
	account, site, err := in.numbers(choices)
	if err != nil {
		return nil, err
	}
	if err := h.SetSession(ctx, account, site); err != nil {
		return nil, err
	}
	answer, err := h.Ask(ctx, "call", callInput{Command: "getContext"})
	if err != nil {
		return nil, fmt.Errorf("the page has the account and the site, but no context: %w", err)
	}
	return contextOutput{answer}, nil
}

type openInput struct {
	Module string `json:"module,omitempty" jsonschema:"the key of a module; by default the first of manifest.yml"`
	View   string `json:"view,omitempty" jsonschema:"the name of one of the module's views, as status lists them; by default the one that the module shows first"`
	accountInput
}

// check returns an error if there is no such module or view.
func (in openInput) check(modules []devhost.Module) error {
	var keys []string
	for _, m := range modules {
		keys = append(keys, m.Key)
	}
	i := slices.Index(keys, in.Module)
	switch {
	case in.Module == "" && in.View != "":
		return errors.New("a view needs the module that has it: status lists both")
	case in.Module == "":
		return nil
	case i < 0:
		return fmt.Errorf("manifest.yml has no module %q; it has %s", in.Module, strings.Join(keys, ", "))
	case in.View == "" || slices.Contains(modules[i].Views, in.View):
		return nil
	case len(modules[i].Views) == 0:
		return fmt.Errorf("the module %q has one view: leave out %q", in.Module, in.View)
	}
	return fmt.Errorf("the module %q has no view %q besides the first; it has %s", in.Module, in.View, strings.Join(modules[i].Views, ", "))
}

func (s *server) open(_ context.Context, in openInput) (any, error) {
	h := s.Loop.Host()
	shown := devhost.Window{Module: in.Module, View: in.View}
	// By default it needs no valid forgego.yml.
	if in != (openInput{}) {
		choices, err := h.Choices()
		if err != nil {
			return nil, err
		}
		if err := in.check(choices.Modules); err != nil {
			return nil, err
		}
		if shown.Account, shown.Site, err = in.numbers(choices); err != nil {
			return nil, err
		}
	}
	if err := s.OpenPage(h.BrowserURLFor(shown)); err != nil {
		// Without the key of the page.
		address, _, _ := strings.Cut(h.PageURLFor(shown), "#")
		return nil, fmt.Errorf("the browser did not start: %w; open %s", err, address)
	}
	return done{"The browser opens the page."}, nil
}
