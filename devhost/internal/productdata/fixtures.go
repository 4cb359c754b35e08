package productdata

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/devfile"
	"github.com/forgego/forgego/internal/flaghash"
	"github.com/forgego/forgego/internal/platform"
)

// Answer is the content of a fixture.
type Answer struct {
	Answer json.RawMessage `json:"answer"`
	// From is the file's name, for the page's list.
	From string `json:"from"`
}

// GraphQuery is a query of the Teamwork Graph.
type GraphQuery struct {
	Query string `json:"query"`
}

// Graph answers requestTeamworkGraph.
func (d *Data) Graph(_ context.Context, in GraphQuery) (*Answer, error) {
	dev, err := devfile.Load(d.Dir)
	if err != nil {
		return nil, err
	}
	name := platform.GraphOperation(in.Query)
	file, ok := dev.TeamworkGraph[name]
	if !ok {
		file, ok = dev.TeamworkGraph["*"]
	}
	if !ok {
		return nil, &apierror.Error{Code: "NO_FIXTURE", Message: fmt.Sprintf(`The local host has no Teamwork Graph. Name a file in forgego.yml that answers this query with {"data": …}:

teamworkGraph:
  %s: fixtures/graph.json`, devfile.Key(name))}
	}
	return d.fixture(file)
}

// Recommendations answers fetchUserRecommendations.
func (d *Data) Recommendations(_ context.Context, _ struct{}) (*Answer, error) {
	dev, err := devfile.Load(d.Dir)
	if err != nil {
		return nil, err
	}
	if dev.UserRecommendations == "" {
		return nil, &apierror.Error{Code: "NO_FIXTURE", Message: `The local host has no users to recommend. Name a file in forgego.yml that has what your product returns; Atlassian does not document its form:

userRecommendations: fixtures/users.json`}
	}
	return d.fixture(dev.UserRecommendations)
}

func (d *Data) fixture(name string) (*Answer, error) {
	value, err := devfile.JSONFixture(d.Dir, name)
	if err != nil {
		return nil, err
	}
	return &Answer{value, name}, nil
}

// Flags is the answer to initFeatureFlags: the flags by their hashes.
type Flags struct {
	Flags map[string]flag `json:"feature_flags"`
}

type flag struct {
	Value bool `json:"value"`
}

// Flags answers initFeatureFlags with the flags of forgego.yml. They are the same for every user.
func (d *Data) Flags(_ context.Context, _ struct{}) (*Flags, error) {
	dev, err := devfile.Load(d.Dir)
	if err != nil {
		return nil, err
	}
	out := &Flags{map[string]flag{}}
	for name, on := range dev.FeatureFlags {
		out.Flags[flaghash.Of(name)] = flag{on}
	}
	return out, nil
}
