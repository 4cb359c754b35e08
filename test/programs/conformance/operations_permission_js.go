package main

import (
	"context"
	"encoding/json"

	"github.com/forgego/forgego/bridge/permissions"
)

// permissionOperations are the operations of package permissions.
var permissionOperations = map[string]operation{
	"permissions.egress.get": func(ctx context.Context, args arguments) (any, error) {
		page, err := permissions.GetEgress(ctx, queryOf(args))
		return pageOf(page.Groups, page.NextKey), err
	},
	"permissions.egress.set": func(ctx context.Context, args arguments) (any, error) {
		var input struct{ Egresses []permissions.EgressGroup }
		if err := args.read(0, &input); err != nil {
			return nil, err
		}
		groups, err := permissions.SetEgress(ctx, input.Egresses...)
		return pageOf(groups, ""), err
	},
	"permissions.egress.deleteDomain": func(ctx context.Context, args arguments) (any, error) {
		var input struct {
			Key, Domain string
			Type        permissions.EgressType
		}
		if err := args.read(0, &input); err != nil {
			return nil, err
		}
		return done(permissions.DeleteEgressDomain(ctx, input.Key, input.Domain, input.Type))
	},
	"permissions.egress.deleteGroup": func(ctx context.Context, args arguments) (any, error) {
		var input struct{ Key string }
		if err := args.read(0, &input); err != nil {
			return nil, err
		}
		return done(permissions.DeleteEgressGroup(ctx, input.Key))
	},
	"permissions.remote.get": func(ctx context.Context, args arguments) (any, error) {
		page, err := permissions.GetRemotes(ctx, queryOf(args))
		return pageOf(page.Remotes, page.NextKey), err
	},
	"permissions.remote.set": func(ctx context.Context, args arguments) (any, error) {
		var input struct{ Remotes []permissions.Remote }
		if err := args.read(0, &input); err != nil {
			return nil, err
		}
		return done(permissions.SetRemotes(ctx, input.Remotes...))
	},
	"createPermissionUtils": func(_ context.Context, args arguments) (any, error) {
		granted, err := grantedOf(args, 0)
		if err != nil {
			return nil, err
		}
		if granted == nil {
			return nil, nil
		}
		return utilities(granted), nil
	},
	"checkPermissions": func(ctx context.Context, args arguments) (any, error) {
		var required permissions.Requirements
		if err := args.read(0, &required); err != nil {
			return nil, err
		}
		granted, err := grantedOf(args, 1)
		if err != nil {
			return nil, err
		}
		if granted == nil {
			return permissions.Check(ctx, required)
		}
		return granted.Check(required), nil
	},
}

func queryOf(args arguments) permissions.Query {
	var query permissions.Query
	if err := args.read(0, &query); err != nil {
		panic(err)
	}
	return query
}

func pageOf[T any](results []T, next string) map[string]any {
	page := map[string]any{"results": append([]T{}, results...)}
	if next != "" {
		page["lastEvaluatedKey"] = next
	}
	return page
}

func grantedOf(args arguments, i int) (*permissions.Granted, error) {
	if i >= len(args) {
		return nil, nil
	}
	var p struct{ Scopes, External json.RawMessage }
	if err := args.read(i, &p); err != nil {
		return nil, err
	}
	return permissions.Read(p.Scopes, p.External)
}

func utilities(granted *permissions.Granted) *object {
	value := map[string]string{}
	for _, name := range []string{"hasScope", "canFetchFrom", "canLoadResource", "getScopes", "getExternalPermissions", "hasAnyPermissions"} {
		value[name] = "[function]"
	}
	return &object{value: value, methods: map[string]operation{
		".hasScope": func(_ context.Context, args arguments) (any, error) { return granted.HasScope(args.text(0)), nil },
		".canFetchFrom": func(_ context.Context, args arguments) (any, error) {
			return granted.CanFetchFrom(permissions.FetchType(args.text(0)), args.text(1)), nil
		},
		".canLoadResource": func(_ context.Context, args arguments) (any, error) {
			return granted.CanLoadResource(permissions.ResourceType(args.text(0)), args.text(1)), nil
		},
		".getScopes": func(context.Context, arguments) (any, error) { return append([]string{}, granted.Scopes()...), nil },
		".getExternalPermissions": func(context.Context, arguments) (any, error) {
			external := granted.External()
			if external == nil {
				external = map[string]json.RawMessage{}
			}
			return external, nil
		},
		".hasAnyPermissions": func(context.Context, arguments) (any, error) { return granted.HasAny(), nil },
	}}
}
