package devhost

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/forgego/forgego/internal/manifest"
)

// identity holds the made-up ids of the installation that the local host plays. They follow from the app's id alone,
// so that data that a remote keeps by installation is still there after a restart.
type identity struct {
	appID, installationID, environmentID string
	// environment is the bare id in environmentID.
	environment                     string
	cloudID, workspaceID, accountID string
	// app is the bare id in appID.
	app string
}

func newIdentity(appID string) identity {
	id := func(kind string) string { return stableUUID(kind + " of " + appID) }
	app := appID[strings.LastIndexByte(appID, '/')+1:]
	return identity{
		appID:          appID,
		app:            app,
		installationID: "ari:cloud:ecosystem::installation/" + id("installation"),
		environment:    id("environment"),
		environmentID:  "ari:cloud:ecosystem::environment/" + app + "/" + id("environment"),
		cloudID:        id("cloud"),
		workspaceID:    "{" + id("workspace") + "}",
		accountID:      "712020:" + id("account"),
	}
}

// localID names one place of the app in the product.
func (i identity) localID(moduleKey string) string {
	return "ari:cloud:ecosystem::extension/" + i.app + "/" + i.environment + "/static/" + moduleKey
}

// stableUUID is a UUID that always is the same for a name, in the form of a random one.
func stableUUID(name string) string {
	u := sha256.Sum256([]byte("forgego local host: " + name))
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:16])
}

// product is the Atlassian app that a module belongs to, by the names that a token's installation contexts have.
type product string

const (
	jira       product = "jira"
	confluence product = "confluence"
	bitbucket  product = "bitbucket"
	compass    product = "compass"
)

func productOf(moduleType string) product {
	prefix, _, qualified := strings.Cut(moduleType, ":")
	switch {
	case moduleType == "macro", prefix == "confluence":
		return confluence
	case qualified && (prefix == "bitbucket" || prefix == "compass"):
		return product(prefix)
	}
	return jira
}

// title is the product's name for people.
func (p product) title() string {
	return strings.ToUpper(string(p[:1])) + string(p[1:])
}

// products are the products of an app's modules, each once, in the modules' order.
func products(modules []manifest.Module) []product {
	var all []product
	seen := map[product]bool{}
	for _, m := range modules {
		if p := productOf(m.Type); !seen[p] {
			seen[p] = true
			all = append(all, p)
		}
	}
	return all
}

func (i identity) apiBaseURL(p product) string {
	if p == bitbucket {
		return "https://api.bitbucket.org"
	}
	return "https://api.atlassian.com/ex/" + string(p) + "/" + i.cloudID
}
