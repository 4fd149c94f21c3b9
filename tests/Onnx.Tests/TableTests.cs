using KerasCompat.Onnx.Export;
using KerasCompat.Onnx.Lowering;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Tests;

/// <summary>Every operator is written, written with others, or named here as one that ONNX has not.</summary>
public class TableTests
{
    /// <summary>Operators that are refused, and why.</summary>
    private static readonly Dictionary<string, string> Refused = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "refused-operators.tsv"))
        .Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split('\t')).ToDictionary(f => f[0], f => f[1]);

    [Fact]
    public void Every_operator_has_an_entry()
    {
        HashSet<Type> known = [.. OnnxTable.Operators, .. Decompositions.Operators];
        string[] missing = [.. Operators().Where(t => !known.Contains(t) && !Refused.ContainsKey(t.Name)).Select(t => t.Name)];
        Assert.True(missing.Length == 0, $"no entry in OnnxTable or Decompositions: {string.Join(", ", missing)}");
    }

    [Fact]
    public void No_refused_operator_has_an_entry()
    {
        string[] stale = [.. OnnxTable.Operators.Concat(Decompositions.Operators).Select(t => t.Name).Where(Refused.ContainsKey)];
        Assert.True(stale.Length == 0, $"refused and written: {string.Join(", ", stale)}");
    }

    private static IEnumerable<Type> Operators() => typeof(Op).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Op)) && !t.IsAbstract);
}
