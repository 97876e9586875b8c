//! The table of directions: which workspace crate may use which, and what the domain never uses.
//! A new edge is a line here, so it is read by a person. `ARCHITECTURE.md` draws the same table.

/// One workspace crate and what it may use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// Package name.
    pub(crate) name: &'static str,
    /// Workspace packages it may use in production code.
    pub(crate) uses: &'static [&'static str],
    /// Whether it is part of the pure domain.
    pub(crate) layer: Layer,
}

/// What a crate may do at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    /// Pure: no I/O, clock, environment, randomness or async runtime.
    Domain,
    /// Performs effects.
    Edge,
    /// Serves development only; production code never uses it.
    Workshop,
}

/// Every workspace crate, lowest first.
pub(crate) const ROWS: &[Row] = &[
    Row {
        name: "baton-terms",
        uses: &[],
        layer: Layer::Domain,
    },
    Row {
        name: "baton-evidence",
        uses: &["baton-terms"],
        layer: Layer::Domain,
    },
    Row {
        name: "baton-expression",
        uses: &["baton-terms", "baton-evidence"],
        layer: Layer::Domain,
    },
    Row {
        name: "baton-document",
        uses: &["baton-terms", "baton-evidence"],
        layer: Layer::Domain,
    },
    Row {
        name: "baton-contract",
        uses: &[
            "baton-terms",
            "baton-evidence",
            "baton-expression",
            "baton-document",
        ],
        layer: Layer::Domain,
    },
    Row {
        name: "baton-scoring",
        uses: &["baton-terms", "baton-evidence", "baton-contract"],
        layer: Layer::Domain,
    },
    Row {
        name: "baton-eventlog",
        uses: &[
            "baton-terms",
            "baton-evidence",
            "baton-expression",
            "baton-document",
        ],
        layer: Layer::Domain,
    },
    Row {
        name: "baton-rootcause",
        uses: &["baton-terms", "baton-evidence", "baton-eventlog"],
        layer: Layer::Domain,
    },
    Row {
        name: "baton-network",
        uses: &[
            "baton-terms",
            "baton-document",
            "baton-eventlog",
            "baton-rootcause",
        ],
        layer: Layer::Domain,
    },
    Row {
        name: "baton-mission",
        uses: &[
            "baton-terms",
            "baton-evidence",
            "baton-contract",
            "baton-scoring",
        ],
        layer: Layer::Domain,
    },
    Row {
        name: "baton-simulation",
        uses: &[
            "baton-terms",
            "baton-evidence",
            "baton-contract",
            "baton-scoring",
            "baton-mission",
        ],
        layer: Layer::Domain,
    },
    Row {
        name: "baton-report",
        uses: &[
            "baton-terms",
            "baton-evidence",
            "baton-expression",
            "baton-document",
            "baton-contract",
            "baton-scoring",
            "baton-mission",
            "baton-simulation",
            "baton-eventlog",
            "baton-rootcause",
            "baton-network",
        ],
        layer: Layer::Domain,
    },
    Row {
        name: "baton-engine",
        uses: &[
            "baton-terms",
            "baton-evidence",
            "baton-expression",
            "baton-document",
            "baton-contract",
            "baton-scoring",
            "baton-mission",
            "baton-simulation",
            "baton-report",
            "baton-eventlog",
            "baton-rootcause",
        ],
        layer: Layer::Edge,
    },
    Row {
        name: "baton-store",
        uses: &["baton-terms", "baton-evidence", "baton-engine"],
        layer: Layer::Edge,
    },
    Row {
        name: "baton-courier",
        uses: &["baton-terms", "baton-engine"],
        layer: Layer::Edge,
    },
    Row {
        name: "baton-server",
        uses: &["baton-terms", "baton-report", "baton-engine"],
        layer: Layer::Edge,
    },
    Row {
        name: "baton",
        uses: &[
            "baton-terms",
            "baton-evidence",
            "baton-expression",
            "baton-document",
            "baton-contract",
            "baton-scoring",
            "baton-mission",
            "baton-simulation",
            "baton-report",
            "baton-engine",
            "baton-courier",
            "baton-store",
            "baton-server",
            "baton-eventlog",
            "baton-rootcause",
            "baton-network",
        ],
        layer: Layer::Edge,
    },
    Row {
        name: "baton-reference",
        uses: &[],
        layer: Layer::Workshop,
    },
    Row {
        name: "baton-testkit",
        uses: &[
            "baton-terms",
            "baton-evidence",
            "baton-contract",
            "baton-scoring",
            "baton-mission",
            "baton-simulation",
            "baton-engine",
            "baton-store",
        ],
        layer: Layer::Workshop,
    },
    Row {
        name: "baton-benches",
        uses: &[
            "baton-terms",
            "baton-evidence",
            "baton-expression",
            "baton-document",
            "baton-contract",
            "baton-scoring",
            "baton-mission",
            "baton-engine",
            "baton-store",
            "baton-testkit",
            "baton-eventlog",
            "baton-rootcause",
            "baton-network",
        ],
        layer: Layer::Workshop,
    },
    Row {
        name: "xtask",
        uses: &[],
        layer: Layer::Workshop,
    },
];

/// External crates that no domain crate names among its own production dependencies.
pub(crate) const FORBIDDEN_DIRECTLY: &[&str] = &[
    "anyhow",
    "async-std",
    "axum",
    "chrono",
    "clap",
    "dirs",
    "fastrand",
    "getrandom",
    "hyper",
    "libc",
    "nix",
    "rand",
    "rand_core",
    "reqwest",
    "rusqlite",
    "smol",
    "sqlx",
    "tempfile",
    "time",
    "tokio",
    "tracing",
    "ureq",
    "uuid",
    "walkdir",
];

/// External crates that no domain crate may reach, not even through another crate.
pub(crate) const FORBIDDEN_AT_ALL: &[&str] = &[
    "async-std",
    "axum",
    "hyper",
    "native-tls",
    "openssl-sys",
    "reqwest",
    "rusqlite",
    "smol",
    "sqlx",
    "tokio",
    "ureq",
];
