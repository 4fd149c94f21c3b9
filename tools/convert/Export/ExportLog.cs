using System.Globalization;
using KerasCompat.Onnx;
using KerasCompat.Verification;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Export;

/// <summary>What there is to say about an export: lines for people, or one JSON object at the end.</summary>
/// <param name="say">Takes the lines.</param>
/// <param name="json">Whether JSON is wanted, and no lines before it.</param>
internal sealed class ExportLog(Action<string> say, bool json = false)
{
    /// <summary>So many kinds of operators are counted in a line.</summary>
    private const int MostKinds = 8;

    private readonly JObject _report = [];

    /// <summary>A line for people.</summary>
    public void Say(string line)
    {
        if (!json)
        {
            say(line);
        }
    }

    /// <summary>The operators of an ONNX file.</summary>
    public void Nodes(string file, OnnxModel onnx)
    {
        (string Operator, int Count)[] counts = [.. onnx.Operators.GroupBy(o => o).Select(g => (g.Key, g.Count())).OrderByDescending(c => c.Item2).ThenBy(c => c.Key, StringComparer.Ordinal)];
        Say($"{file}: opset {onnx.Opset}, {onnx.Operators.Count} nodes ({string.Join(", ", counts.Take(MostKinds).Select(c => $"{c.Count} {c.Operator}"))}{(counts.Length > MostKinds ? ", …" : string.Empty)})");
        Of(file)["opset"] = onnx.Opset;
        Of(file)["nodes"] = onnx.Operators.Count;
        Of(file)["operators"] = new JObject(counts.Select(c => new JProperty(c.Operator, c.Count)));
        Of(file)["inputs"] = new JArray(onnx.InputNames);
        Of(file)["outputs"] = new JArray(onnx.OutputNames);
    }

    /// <summary>Why an ONNX file was not run.</summary>
    public void NotVerified(string file, string reason)
    {
        Say($"{file}: not verified: {reason}");
        Of(file)["verified"] = false;
        Of(file)["reason"] = reason;
    }

    /// <summary>What came of running an ONNX file.</summary>
    public void Verified(string file, IReadOnlyList<ArrayComparison> compared)
    {
        double largest = compared.Max(c => c.LargestAbsolute);
        ArrayComparison[] wrong = [.. compared.Where(c => !c.Passes)];
        Say(wrong.Length > 0
            ? $"{file}: DIFFERENT NUMBERS in ONNX Runtime, nothing written: {string.Join("; ", wrong.AsEnumerable())}"
            : $"{file}: same numbers in ONNX Runtime: largest difference {largest.ToString("0.##e+0", CultureInfo.InvariantCulture)} over {compared.Count} outputs");
        Of(file)["verified"] = wrong.Length == 0;
        Of(file)["largestDifference"] = largest;
    }

    /// <summary>The C# lines that run an ONNX file behind the part that was split off.</summary>
    public void Lines(string file, IReadOnlyList<string> lines)
    {
        Say($"{file}: the numeric model; in C#:");
        foreach (string line in lines)
        {
            Say(line.Length == 0 ? line : $"    {line}");
        }

        Of(file)["lines"] = new JArray(lines);
    }

    /// <summary>Which files were written.</summary>
    public void Wrote(IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            Say($"wrote {file}");
            Of(Path.GetFileName(file))["path"] = file;
        }
    }

    /// <summary>Ends the log.</summary>
    public void End()
    {
        if (json)
        {
            say(new JObject { ["files"] = _report }.ToString());
        }
    }

    private JObject Of(string file) => (JObject)(_report[file] ??= new JObject());
}
