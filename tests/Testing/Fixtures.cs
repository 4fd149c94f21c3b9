using System.Runtime.CompilerServices;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Testing;

/// <summary>The files under <c>tests/fixtures</c> and the cases that describe them.</summary>
public static class Fixtures
{
    /// <summary>The folder.</summary>
    public static string Root { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(SourceFolder(), "..", "fixtures"));

    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(Root, "..", ".."));

    /// <summary>A file of a suite.</summary>
    public static string Path(string suite, string file) => System.IO.Path.Combine(Root, suite, file);

    /// <summary>The lines of a suite's <c>cases.jsonl</c>.</summary>
    public static IReadOnlyList<JObject> Cases(string suite) =>
        [.. File.ReadLines(Path(suite, "cases.jsonl")).Where(line => line.Length > 0).Select(Parse)];

    private static JObject Parse(string line)
    {
        using var reader = new JsonTextReader(new StringReader(line)) { DateParseHandling = DateParseHandling.None };
        return JObject.Load(reader);
    }

    private static string SourceFolder([CallerFilePath] string path = "") => System.IO.Path.GetDirectoryName(path)!;
}
