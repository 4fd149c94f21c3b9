using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>The branches of Keras whose configs differ.</summary>
internal enum Era
{
    /// <summary>Keras 0.x and 1.</summary>
    Keras1,

    /// <summary>Multi-backend Keras 2.0 to 2.3.</summary>
    Keras2,

    /// <summary>Keras inside TensorFlow 1 and 2, and the package tf_keras.</summary>
    TfKeras,

    /// <summary>Keras 3 and later.</summary>
    Keras3,
}

/// <summary>Who wrote an architecture. Where no version is known it counts as its era's newest.</summary>
internal sealed record Generation(Era Era, string? Version)
{
    private static readonly string[] Titles = ["Keras", "Keras", "tf.keras", "Keras"];

    private static readonly string[] UnknownVersions = ["1", "2.0–2.3", "2", "3"];

    /// <summary>Tells by the version where there is one, else by keys that only one era writes.</summary>
    public static Generation Of(JObject model, string? version)
    {
        version ??= (model["keras_version"] as JValue)?.Value as string;
        return new Generation(ByVersion(version) ?? EraEvidence.Of(model), version);
    }

    /// <summary>True where the writer is of that era and older than a version.</summary>
    public bool Is(Era era, int beforeMajor, int beforeMinor, int beforePatch = 0) =>
        Era == era && Numbers(Version) is { } found && found.CompareTo((beforeMajor, beforeMinor, beforePatch)) < 0;

    /// <summary>True before Keras 3.</summary>
    public bool IsLegacy => Era != Era.Keras3;

    /// <inheritdoc/>
    public override string ToString() => $"{Titles[(int)Era]} {Version ?? UnknownVersions[(int)Era]}";

    private static Era? ByVersion(string? version) => Numbers(version) switch
    {
        null => null,
        { Major: < 2 } => Era.Keras1,
        { Major: > 2 } => Era.Keras3,
        { Minor: >= 4 } => Era.TfKeras,
        _ => version!.EndsWith("-tf", StringComparison.Ordinal) ? Era.TfKeras : Era.Keras2,
    };

    private static (int Major, int Minor, int Patch)? Numbers(string? version)
    {
        string[] parts = (version ?? string.Empty).Split('-', '+')[0].Split('.');
        return int.TryParse(parts[0], out int major) ? (major, Part(parts, 1), Part(parts, 2)) : null;
    }

    private static int Part(string[] parts, int index) =>
        index < parts.Length && int.TryParse(string.Concat(parts[index].TakeWhile(char.IsAsciiDigit)), out int number) ? number : 0;
}
