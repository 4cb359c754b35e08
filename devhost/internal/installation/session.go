package installation

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/internal/manifest"
)

// Account is a user.
type Account struct {
	// Number counts from 1. The page's address has it.
	Number   int
	ID, Name string
	// Admin reports whether the user administers the sites.
	Admin bool
}

// Site is a site on which the app is installed.
type Site struct {
	// Number counts from 1. The page's address has it.
	Number int
	Name   string
	// License is the app's license on the site, or nil.
	License map[string]any
}

// Accounts returns the accounts of forgego.yml. If it has none, they are an administrator and two users. There is at least
// one.
func (a *App) Accounts(dev manifest.DevContext) []Account {
	all := dev.Accounts
	if len(all) == 0 {
		all = []manifest.DevAccount{{Name: "Administrator", Admin: true}, {Name: "User"}, {Name: "Second user"}}
	}
	accounts := make([]Account, len(all))
	for i, d := range all {
		accounts[i] = Account{Number: i + 1, ID: cmp.Or(d.ID, accountID(a.manifest.AppID, i+1)), Name: d.Name, Admin: d.Admin}
	}
	return accounts
}

// Sites returns the sites of forgego.yml. If it has none, there are two. There is at least one.
func (a *App) Sites(dev manifest.DevContext) []Site {
	all := dev.Sites
	if len(all) == 0 {
		all = []manifest.DevSite{{Name: "Site"}, {Name: "Second site"}}
	}
	sites := make([]Site, len(all))
	for i, d := range all {
		sites[i] = Site{Number: i + 1, Name: d.Name, License: d.License}
		if d.License == nil {
			sites[i].License = dev.License
		}
	}
	return sites
}

// Session is an account that uses the app on a site. Each window of the product's page has one.
type Session struct {
	*App
	IDs
	Account Account
	Site    Site
	dev     manifest.DevContext
}

// Session returns the session of the account and the site with these numbers. An empty number is the first's.
func (a *App) Session(dev manifest.DevContext, account, site string) (*Session, error) {
	chosenAccount, err := choose("account", account, a.Accounts(dev))
	if err != nil {
		return nil, err
	}
	chosenSite, err := choose("site", site, a.Sites(dev))
	if err != nil {
		return nil, err
	}
	return &Session{App: a, IDs: newIDs(a.manifest.AppID, chosenSite.Number), Account: chosenAccount, Site: chosenSite, dev: dev}, nil
}

func choose[T any](what, number string, all []T) (chosen T, err error) {
	if number == "" {
		return all[0], nil
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(all) {
		return chosen, &apierror.Error{Code: "UNKNOWN_" + strings.ToUpper(what), Message: fmt.Sprintf(
			"There is no %s %q. The numbers go from 1 to %d; \"context\" in forgego.yml can set %ss.", what, number, len(all), what)}
	}
	return all[n-1], nil
}
