package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"

	"github.com/forgego/forgego/bridge"
	"github.com/forgego/forgego/bridge/featureflags"
	"github.com/forgego/forgego/bridge/i18n"
	"github.com/forgego/forgego/bridge/objectstore"
	"github.com/forgego/forgego/bridge/product"
	"github.com/forgego/forgego/bridge/view"
	"github.com/forgego/forgego/test/suites/conformance/spec"
)

// dataOperations are the operations of packages product, objectstore, i18n and featureflags.
var dataOperations = map[string]operation{
	"requestJira":              requestProduct(bridge.RequestJira),
	"requestConfluence":        requestProduct(bridge.RequestConfluence),
	"requestBitbucket":         requestProduct(bridge.RequestBitbucket),
	"requestTeamworkGraph":     requestGraph,
	"fetchUserRecommendations": recommend,

	"objectStore.upload":      upload,
	"createUploadPromises":    startUploads,
	"objectStore.download":    download,
	"objectStore.getMetadata": metadata,
	"objectStore.delete": func(ctx context.Context, args arguments) (any, error) {
		functionKey, keys := stored(args)
		return done(objectstore.Delete(ctx, functionKey, keys...))
	},

	"i18n.getTranslations":           getTranslations,
	"i18n.createTranslationFunction": translator,
	"i18n.resetTranslationsCache": func(ctx context.Context, _ arguments) (any, error) {
		i18n.ResetCache(ctx)
		return nothing, nil
	},

	"FeatureFlags": featureFlags,
}

func requestProduct(f func(context.Context, bridge.Request) (*bridge.Response, error)) operation {
	return func(ctx context.Context, args arguments) (any, error) {
		options := struct {
			Method  string
			Headers map[string]string
			Body    any
		}{}
		if err := args.read(1, &options); err != nil {
			return nil, err
		}
		request := spec.Request{Method: options.Method, Path: args.text(0)}
		for _, name := range slices.Sorted(maps.Keys(options.Headers)) {
			request.Headers = append(request.Headers, [2]string{name, options.Headers[name]})
		}
		switch body := options.Body.(type) {
		case string:
			request.Body = &spec.Body{Kind: "text", Text: body}
		case map[string]any:
			var data struct {
				Body struct {
					Parts []spec.Part `json:"$data"`
				}
			}
			if err := args.read(1, &data); err != nil {
				return nil, err
			}
			request.Body = &spec.Body{Kind: "data", Parts: data.Body.Parts}
		}
		r, err := requestOf(request)
		if err != nil {
			return nil, err
		}
		response, err := f(ctx, r)
		if err != nil {
			return nil, err
		}
		text, err := response.Text()
		return map[string]any{
			"status": response.Status, "statusText": response.StatusText, "ok": response.OK(),
			"headers": list(response.Header, spec.RequestRemote), "body": text,
		}, err
	}
}

func requestGraph(ctx context.Context, args arguments) (any, error) {
	var variables map[string]any
	if err := args.read(1, &variables); err != nil {
		return nil, err
	}
	result, err := product.QueryTeamworkGraph[json.RawMessage](ctx, args.text(0), variables)
	if err != nil {
		return nil, err
	}
	value := map[string]any{}
	if result.Data != nil {
		value["data"] = result.Data
	}
	var problems []any
	for _, e := range result.Errors {
		members, err := membersOf(e)
		if err != nil {
			return nil, err
		}
		problems = append(problems, members)
	}
	if problems != nil {
		value["errors"] = problems
	}
	return value, nil
}

func recommend(ctx context.Context, args arguments) (any, error) {
	var input struct{ Query string }
	if err := args.read(0, &input); err != nil {
		return nil, err
	}
	return product.GetUserRecommendations[json.RawMessage](ctx, input.Query)
}

func stored(args arguments) (functionKey string, keys []string) {
	var input struct {
		FunctionKey string
		Keys        []string
	}
	if err := args.read(0, &input); err != nil {
		panic(err)
	}
	return input.FunctionKey, input.Keys
}

// objectsOf reads the objects to put into the store.
func objectsOf(args arguments) (functionKey string, objects []objectstore.Object, err error) {
	var input struct {
		FunctionKey string
		Objects     []struct {
			Blob           []string `json:"$blob"`
			Data, MimeType string
		}
	}
	if err := args.read(0, &input); err != nil {
		return "", nil, err
	}
	for _, o := range input.Objects {
		var object objectstore.Object
		if o.Blob != nil {
			object.Type = o.Blob[0]
			object.Data, err = hex.DecodeString(o.Blob[1])
		} else {
			object, err = objectstore.FromBase64(o.Data, o.MimeType)
		}
		if err != nil {
			return "", nil, err
		}
		objects = append(objects, object)
	}
	return input.FunctionKey, objects, nil
}

// uploadResult returns the parts of an upload's result that the cases compare.
func uploadResult(r objectstore.UploadResult) map[string]any {
	return map[string]any{"success": r.Err == nil, "key": r.Key, "status": r.Status}
}

func upload(ctx context.Context, args arguments) (any, error) {
	functionKey, objects, err := objectsOf(args)
	if err != nil {
		return nil, err
	}
	results, err := objectstore.Upload(ctx, functionKey, objects...)
	values := []any{}
	for _, r := range results {
		values = append(values, uploadResult(r))
	}
	return values, err
}

func startUploads(ctx context.Context, args arguments) (any, error) {
	functionKey, objects, err := objectsOf(args)
	if err != nil {
		return nil, err
	}
	uploads, err := objectstore.StartUploads(ctx, functionKey, objects...)
	values := []any{}
	for _, u := range uploads {
		values = append(values, map[string]any{"index": u.Index, "type": u.Type, "size": u.Size, "result": uploadResult(u.Wait())})
	}
	return values, err
}

func download(ctx context.Context, args arguments) (any, error) {
	functionKey, keys := stored(args)
	results, err := objectstore.Download(ctx, functionKey, keys...)
	values := []any{}
	for _, r := range results {
		value := map[string]any{"success": r.Err == nil, "key": r.Key, "status": r.Status}
		if r.Err == nil {
			value["blob"] = map[string]any{"$blob": []string{r.Object.Type, hex.EncodeToString(r.Object.Data)}}
		}
		values = append(values, value)
	}
	return values, err
}

func metadata(ctx context.Context, args arguments) (any, error) {
	functionKey, keys := stored(args)
	results, err := objectstore.GetMetadata(ctx, functionKey, keys...)
	values := []any{}
	for _, m := range results {
		value := map[string]any{"key": m.Key, "fails": m.Err != nil}
		if m.Err == nil {
			value["checksum"], value["size"] = m.Checksum, m.Size
		}
		if !m.CreatedAt.IsZero() {
			value["createdAt"] = m.CreatedAt.Unix()
		}
		values = append(values, value)
	}
	return values, err
}

func getTranslations(ctx context.Context, args arguments) (any, error) {
	var options []i18n.Option
	var o struct{ Fallback *bool }
	if err := args.read(1, &o); err != nil {
		return nil, err
	}
	if o.Fallback != nil && !*o.Fallback {
		options = append(options, i18n.WithoutFallback())
	}
	locale, _ := args.value(0).(string)
	t, err := i18n.GetTranslations(ctx, locale, options...)
	return map[string]any{"locale": t.Locale, "translations": t.Content}, err
}

func translator(ctx context.Context, args arguments) (any, error) {
	locale, _ := args.value(0).(string)
	t, err := i18n.NewTranslator(ctx, locale)
	if err != nil {
		return nil, err
	}
	return &object{value: "[function]", methods: map[string]operation{
		".": func(_ context.Context, args arguments) (any, error) {
			if len(args) > 1 {
				return t.TranslateOr(args.text(0), args.text(1)), nil
			}
			return t.Translate(args.text(0)), nil
		},
	}}, nil
}

// environments are ours by the names of the official client.
var environments = map[string]view.Environment{
	"": "", "development": view.Development, "staging": view.Staging, "production": view.Production,
}

// featureFlags stands for new FeatureFlags(), which Go does not need.
func featureFlags(context.Context, arguments) (any, error) {
	var flags *featureflags.Flags
	return &object{value: "[FeatureFlags]", methods: map[string]operation{
		".initialize": func(ctx context.Context, args arguments) (any, error) {
			var user featureflags.User
			var config struct{ Environment string }
			if err := args.read(0, &user); err != nil {
				return nil, err
			}
			if err := args.read(1, &config); err != nil {
				return nil, err
			}
			environment, ok := environments[config.Environment]
			if !ok {
				environment = view.Environment("unknown: " + config.Environment)
			}
			initialized, err := featureflags.New(ctx, user, environment)
			if err == nil {
				flags = initialized
			}
			return done(err)
		},
		".checkFlag": func(_ context.Context, args arguments) (any, error) {
			otherwise, _ := args.value(1).(bool)
			return flags.CheckFlag(args.text(0), otherwise), nil
		},
		".shutdown": func(context.Context, arguments) (any, error) {
			flags.Close()
			return nothing, nil
		},
		".isInitialized": func(context.Context, arguments) (any, error) { return flags != nil && flags.IsInitialized(), nil },
	}}, nil
}
