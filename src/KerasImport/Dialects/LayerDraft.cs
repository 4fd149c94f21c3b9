using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>A layer while its generation's rules rewrite it.</summary>
internal sealed class LayerDraft(string className, string name, JObject config, string place, DialectContext context)
{
    /// <summary>The class, in the spelling the rules have reached so far.</summary>
    public string ClassName { get; set; } = className;

    /// <summary>The instance's name.</summary>
    public string Name { get; } = name;

    /// <summary>The config, a copy to be changed in place.</summary>
    public JObject Config { get; } = config;

    /// <summary>Where it stands, for messages.</summary>
    public string Place { get; } = place;

    /// <summary>What is known about the file.</summary>
    public DialectContext Context { get; } = context;

    /// <summary>Who wrote it.</summary>
    public Generation Generation => Context.Generation;

    /// <summary>Conversions from its stored arrays to the canonical ones, in order.</summary>
    public List<string> WeightLayout { get; } = [];

    /// <summary>Notes something about a key that stands in the way.</summary>
    public void Report(string key, string found, string expected, string? remedy = null) =>
        Context.Report($"{Place}.{key}", found, expected, remedy);
}
