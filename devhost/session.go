package devhost

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/forgego/forgego/devhost/internal/devfile"
	"github.com/forgego/forgego/devhost/internal/installation"
	"github.com/forgego/forgego/internal/manifest"
)

// The parameters of the product page's address: the key of a module, the name of one of its views, and the window's account
// and site, which are numbers that count from 1. The page's script repeats the last two in its requests.
const moduleParameter, viewParameter, accountParameter, siteParameter = "module", "view", "account", "site"

// session returns the session of the window that makes a request. It reads forgego.yml first.
func (d *deployment) session(r *http.Request) (*installation.Session, error) {
	dev, err := devfile.Load(d.dir)
	if err != nil {
		return nil, err
	}
	return d.sessionOf(r, dev.Context)
}

func (d *deployment) sessionOf(r *http.Request, dev manifest.DevContext) (*installation.Session, error) {
	query := r.URL.Query()
	return d.installed.Session(dev, query.Get(accountParameter), query.Get(siteParameter))
}

// inSession serves JSON requests, as answering does, for functions that need the window's session.
func inSession[In, Out any](d *deployment, f func(context.Context, *installation.Session, In) (Out, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		answering(func(ctx context.Context, in In) (out Out, err error) {
			s, err := d.session(r)
			if err != nil {
				return out, err
			}
			return f(ctx, s, in)
		})(w, r)
	}
}

// chosen returns the parameters that choose an account and a site. It leaves out numbers below 2, which are the defaults.
func chosen(account, site int) url.Values {
	query := url.Values{}
	if account > 1 {
		query.Set(accountParameter, strconv.Itoa(account))
	}
	if site > 1 {
		query.Set(siteParameter, strconv.Itoa(site))
	}
	return query
}
