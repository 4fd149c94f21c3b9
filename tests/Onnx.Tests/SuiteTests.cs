using KerasCompat.Convert.Cases;
using KerasCompat.Testing;

namespace KerasCompat.Onnx.Tests;

/// <summary>
/// Every case of every suite, exported and run by ONNX Runtime. What cannot be stands in <c>exceptions.tsv</c> with its reason; a case
/// that stands there and passes fails the test, too.
/// </summary>
public class SuiteTests
{
    public static TheoryData<string> Suites => ["seeds", "containers", "real", "keras1", "keras2", "tfkeras2", "keras3-layers", "keras3-graphs", "architectures", "text"];

    [OnnxRuntimeTheory]
    [MemberData(nameof(Suites))]
    public void Suite_gives_the_same_numbers_in_ONNX_Runtime(string suite)
    {
        OnnxExceptions exceptions = OnnxExceptions.Read(Path.Combine(AppContext.BaseDirectory, "exceptions.tsv"));
        CaseOutcome[] outcomes = [.. CaseSuite.Read(Path.Combine(Fixtures.Root, suite)).RunThroughOnnx()];
        string[] wrong =
        [
            .. outcomes.Where(o => !o.Passes && exceptions.Reason(suite, o.Case, o.Text) is null).Select(o => $"{o.Case}: {o.Text}"),
            .. outcomes.Where(o => o.Passes && exceptions.Lists(suite, o.Case)).Select(o => $"{o.Case} is listed as an exception and passes"),
        ];
        Assert.True(wrong.Length == 0, string.Join(Environment.NewLine, wrong));
        Assert.NotEmpty(outcomes);
    }

    /// <summary>With the oldest and the newest operator set: the same numbers, or a refusal that says which operator set is needed.</summary>
    [OnnxRuntimeTheory]
    [InlineData("keras3-graphs", OnnxExportOptions.OldestOpset)]
    [InlineData("keras3-graphs", OnnxExportOptions.NewestOpset)]
    [InlineData("keras3-layers", OnnxExportOptions.OldestOpset)]
    [InlineData("keras3-layers", OnnxExportOptions.NewestOpset)]
    [InlineData("keras1", OnnxExportOptions.OldestOpset)]
    [InlineData("tfkeras2", OnnxExportOptions.OldestOpset)]
    public void Suite_gives_the_same_numbers_with_other_opsets(string suite, int opset)
    {
        OnnxExceptions exceptions = OnnxExceptions.Read(Path.Combine(AppContext.BaseDirectory, "exceptions.tsv"));
        string needsNewer = $" in opset {opset}; expected opset ";
        Assert.Empty(CaseSuite.Read(Path.Combine(Fixtures.Root, suite)).RunThroughOnnx(new OnnxExportOptions { Opset = opset })
            .Where(o => !o.Passes && exceptions.Reason(suite, o.Case, o.Text) is null && !o.Text.Contains(needsNewer, StringComparison.Ordinal))
            .Select(o => $"{o.Case}: {o.Text}"));
    }
}
