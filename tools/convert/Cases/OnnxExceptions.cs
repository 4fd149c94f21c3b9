namespace KerasCompat.Convert.Cases;

/// <summary>What ONNX cannot say or ONNX Runtime cannot run, with the reasons: lines of suite, case, part of the failure's text, reason, separated by tabs.</summary>
/// <remarks>A suite or case of <c>*</c> is any; such lines are for whole operators.</remarks>
internal sealed class OnnxExceptions
{
    private readonly IReadOnlyList<(string Suite, string Case, string Text, string Reason)> _lines;

    private OnnxExceptions(IReadOnlyList<(string, string, string, string)> lines) => _lines = lines;

    public static OnnxExceptions Read(string path) => new(
        [.. File.ReadLines(path).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('\t')).Select(f => (f[0], f[1], f[2], f[3]))]);

    /// <summary>Why a case may fail so; null where it may not.</summary>
    public string? Reason(string suite, string name, string failure) => _lines
        .FirstOrDefault(l => (l.Suite == "*" || l.Suite == suite) && (l.Case == "*" || l.Case == name) && failure.Contains(l.Text, StringComparison.Ordinal)).Reason;

    /// <summary>True where a case is listed by its own name.</summary>
    public bool Lists(string suite, string name) => _lines.Any(l => l.Suite == suite && l.Case == name);
}
