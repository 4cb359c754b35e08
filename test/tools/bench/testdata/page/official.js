// The official client. The benchmark bundles and minifies it.
import { invokeRemote, requestRemote } from '@forge/bridge';

globalThis.official = { invokeRemote, requestRemote };
