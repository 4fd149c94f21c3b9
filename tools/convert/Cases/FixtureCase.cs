using KerasCompat.Verification;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Cases;

/// <summary>A line of <c>cases.jsonl</c>; the fixtures' README describes its keys.</summary>
internal sealed class FixtureCase
{
    private readonly JObject _line;
    private readonly string _directory;

    public FixtureCase(JObject line, string directory)
    {
        _line = line;
        _directory = directory;
    }

    public string Name => (string)_line["name"]!;

    public string Expect => (string?)_line["expect"] ?? "same";

    public string? Model => PathOf("model");

    public string? Weights => PathOf("weights");

    public string? Vectors => PathOf("vectors");

    public string? Tokenizer => PathOf("tokenizer");

    public string? Pickle => PathOf("pickle");

    /// <summary>What a pickle holds, as JSON.</summary>
    public string? Holds => PathOf("holds");

    public string? Backend => (string?)_line["backend"];

    public string KerasVersion => (string?)_line["keras"] ?? string.Empty;

    public string? Note => (string?)_line["note"];

    /// <summary>A <c>refuse</c> case that a tolerant reader may load; then the vectors must match.</summary>
    public bool MayLoad => (bool?)_line["may_load"] ?? false;

    public IReadOnlyList<string> Tags => [.. ((JArray?)_line["tags"] ?? []).Select(t => (string)t!)];

    public Tolerance Tolerance => new(
        (double?)_line["atol"] ?? Tolerance.Default.Absolute,
        (double?)_line["rtol"] ?? Tolerance.Default.Relative);

    public JToken? this[string key] => _line[key];

    public override string ToString() => Name;

    private string? PathOf(string key) => (string?)_line[key] is { } relative ? Path.Combine(_directory, relative) : null;
}
