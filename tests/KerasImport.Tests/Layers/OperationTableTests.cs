using System.IO.Compression;
using KerasCompat.Layers;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Tests.Layers;

public class OperationTableTests
{
    /// <summary>Operations of which no file that Keras can run exists (see <c>generate/keras3_op_table.py</c>), or whose class has another name in files.</summary>
    private static readonly HashSet<string> WithoutCases =
    [
        "Arange", "ColumnStack", "Cond", "ConvTranspose", "ForiLoop", "MatrixPower", "ReconstructPatches", "ViewAsComplex", "WhileLoop",
    ];

    [Fact]
    public void Every_operation_has_a_case_of_Keras()
    {
        HashSet<string> met = [.. Fixtures.Cases("keras3-graphs").Where(c => ((string)c["model"]!).EndsWith(".keras", StringComparison.Ordinal)).SelectMany(Classes)];
        string[] missing = [.. OperationTable.Operations.Keys
            .Where(name => !met.Contains(name) && !WithoutCases.Contains(name) && !TensorFlowFunctions.Table.ContainsKey(name)).Order(StringComparer.Ordinal)];
        Assert.Empty(missing);
        Assert.Empty(WithoutCases.Intersect(met));
    }

    public static TheoryData<string> Names => [.. OperationTable.Operations.Keys];

    /// <summary>A config that lacks what an operation needs is refused; no other exception comes of it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Without_parameters_it_is_built_or_refused(string name)
    {
        foreach (int[] shape in SmallModel.Shapes)
        {
            Exception? e = Record.Exception(() => SmallModel.Functional(
                new LoadOptions(), [SmallModel.Input("x", shape), SmallModel.Operation(name, "op", [], [SmallModel.Reference("x")])], ["x"], "op").Dispose());
            Assert.True(e is null or KerasCompatException, $"{name} of {string.Join(", ", shape)}: {e}");
        }
    }

    private static IEnumerable<string> Classes(JObject @case)
    {
        using ZipArchive zip = ZipFile.OpenRead(Fixtures.Path("keras3-graphs", (string)@case["model"]!));
        using var reader = new StreamReader(zip.GetEntry("config.json")!.Open());
        return [.. JObject.Parse(reader.ReadToEnd()).Descendants().OfType<JProperty>().Where(p => p.Name == "class_name").Select(p => (string)p.Value!)];
    }
}
