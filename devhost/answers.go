package devhost

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/forgego/forgego/devhost/internal/apierror"
	"github.com/forgego/forgego/devhost/internal/devfile"
)

// dataOutput is an answer as JSON, and what gave it.
type dataOutput struct {
	Answer json.RawMessage `json:"answer"`
	From   string          `json:"from"`
}

// operationName finds the name of a GraphQL query.
var operationName = regexp.MustCompile(`(?:^|[\s}])(?:query|mutation)\s+([_A-Za-z][_0-9A-Za-z]*)`)

// answerGraph answers requestTeamworkGraph.
func (h *Host) answerGraph(_ context.Context, in struct {
	Query string `json:"query"`
}) (*dataOutput, error) {
	dev, err := devfile.Load(h.manifest.Dir)
	if err != nil {
		return nil, err
	}
	name := "*"
	if found := operationName.FindStringSubmatch(in.Query); found != nil {
		name = found[1]
	}
	file, ok := dev.TeamworkGraph[name]
	if !ok {
		file, ok = dev.TeamworkGraph["*"]
	}
	if !ok {
		return nil, &apierror.Error{Code: "NO_FIXTURE", Message: fmt.Sprintf(`The local host has no Teamwork Graph. Write into forgego.yml what answers this query, a file with {"data": …}:

teamworkGraph:
  %s: fixtures/graph.json`, devfile.Key(name))}
	}
	return h.dataFile(file)
}

// answerRecommendations answers fetchUserRecommendations.
func (h *Host) answerRecommendations(_ context.Context, _ struct{}) (*dataOutput, error) {
	dev, err := devfile.Load(h.manifest.Dir)
	if err != nil {
		return nil, err
	}
	if dev.UserRecommendations == "" {
		return nil, &apierror.Error{Code: "NO_FIXTURE", Message: `The local host has no users to recommend. Write into forgego.yml what answers, a file with what your product gives; Atlassian does not document its form:

userRecommendations: fixtures/users.json`}
	}
	return h.dataFile(dev.UserRecommendations)
}

func (h *Host) dataFile(name string) (*dataOutput, error) {
	value, err := devfile.JSONFixture(h.manifest.Dir, name)
	if err != nil {
		return nil, err
	}
	return &dataOutput{value, name}, nil
}

// flagsOutput is the answer to initFeatureFlags: the flags by their hashes.
type flagsOutput struct {
	Flags map[string]flagOutput `json:"feature_flags"`
}

type flagOutput struct {
	Value bool `json:"value"`
}

// answerFlags answers initFeatureFlags with the flags of forgego.yml, the same for every user.
func (h *Host) answerFlags(_ context.Context, _ struct{}) (*flagsOutput, error) {
	dev, err := devfile.Load(h.manifest.Dir)
	if err != nil {
		return nil, err
	}
	out := &flagsOutput{map[string]flagOutput{}}
	for name, on := range dev.FeatureFlags {
		out.Flags[flagHash(name)] = flagOutput{on}
	}
	return out, nil
}

// flagHash is how the official client knows a flag: djb2 over the UTF-16 units of its name, in 32 bits.
func flagHash(name string) string {
	hash := uint32(5381)
	for _, unit := range utf16.Encode([]rune(strings.TrimSpace(name))) {
		hash = hash*33 + uint32(unit)
	}
	return strconv.FormatUint(uint64(hash), 10)
}
