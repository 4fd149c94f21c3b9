namespace KerasCompat.Convert;

/// <summary>What the tool's exit status says.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>A comparison failed.</summary>
    Mismatch = 1,

    /// <summary>The command line makes no sense.</summary>
    Usage = 2,

    /// <summary>A file is damaged, missing, or of another kind.</summary>
    BadFile = 3,

    /// <summary>A file needs what is not supported.</summary>
    Unsupported = 4,

    /// <summary>A limit was reached.</summary>
    Limit = 5,

    /// <summary>It was stopped, and wrote nothing: what shells give for Ctrl+C.</summary>
    Stopped = 130,
}
