import { invokeRemote, requestJira, requestRemote, view } from '@forge/bridge';

globalThis.app = { invokeRemote, requestJira, requestRemote, view };
