{
  'targets': [
    {
      'target_name': 'mcp_observer',
      'sources': [
        'native/addon/addon.cc',
        'native/addon/bpf_object.cc',
        'native/addon/counters.cc',
        'native/addon/observer.cc',
        'native/addon/ring.cc',
      ],
      'include_dirs': ['bpf'],
      'dependencies': [
        '<!(node -p "require.resolve(\'node-addon-api/node_addon_api.gyp\')"):node_addon_api_except',
      ],
      # Node-API only: one build runs on every Node since the version that has this level.
      # Where the environment is ending, no JavaScript runs and errors have nobody to go to.
      'defines': [
        'NAPI_VERSION=8',
        'NODE_ADDON_API_DISABLE_DEPRECATED',
        'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
      ],
      'cflags_cc': ['-std=c++17', '-Wall', '-Wextra', '-fvisibility=hidden'],
      'cflags_cc!': ['-std=gnu++17', '-std=gnu++20', '-fno-rtti'],
      # libelf and libz are libbpf's; named here so that this object's search path finds them too.
      'libraries': ['-Wl,--no-as-needed', '-lbpf', '-lelf', '-lz'],
      # libbpf and what it needs are copied beside the addon (scripts/build-native.mjs).
      'ldflags': ["-Wl,-rpath,'$$ORIGIN'", '-Wl,--enable-new-dtags'],
    },
    {
      # What a wrapper loads: no libbpf.
      'target_name': 'mcp_relay',
      'sources': ['native/addon/relay.cc', 'native/addon/relay_addon.cc'],
      'dependencies': [
        '<!(node -p "require.resolve(\'node-addon-api/node_addon_api.gyp\')"):node_addon_api_except',
      ],
      'defines': [
        'NAPI_VERSION=8',
        'NODE_ADDON_API_DISABLE_DEPRECATED',
        'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
      ],
      'cflags_cc': ['-std=c++17', '-Wall', '-Wextra', '-fvisibility=hidden'],
      'cflags_cc!': ['-std=gnu++17', '-std=gnu++20', '-fno-rtti'],
    },
  ],
}
