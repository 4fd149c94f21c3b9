using KerasCompat.Runtime;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers.Tests;

/// <summary>Published files of weights alone: every path, shape, sum and sum of squares that Python found.</summary>
public class WeightsOnlyTests
{
    public static TheoryData<string> Cases => new(Fixtures.Cases("real").Where(c => (string)c["expect"]! == "weights").Select(c => (string)c["name"]!));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_array_has_the_sums_that_Python_found(string name)
    {
        JObject c = Fixtures.Cases("real").Single(c => (string)c["name"]! == name);
        using KerasFile file = KerasFileReader.Open(Fixtures.Path("real", (string)c["model"]!));
        Assert.Equal(ContainerKind.LayerWeightsHdf5, file.Kind);
        Assert.Null(file.Config);
        Dictionary<string, StoredArray> stored = file.Weights!.Arrays.ToDictionary(array => array.Path.TrimStart('/'));
        Assert.Equal(c["weight_sums"]!.Select(sums => (string)sums[0]!).Order(StringComparer.Ordinal), stored.Keys.Order(StringComparer.Ordinal));
        foreach (JToken sums in c["weight_sums"]!)
        {
            Tensor tensor = stored[(string)sums[0]!].Read();
            Assert.Equal(sums[1]!.Select(dim => (int)dim), tensor.Shape);
            double[] values = tensor.Cast(DType.Float64).As<double>().ToArray();
            Assert.Equal((double)sums[2]!, values.Sum(), 1e-6 * Math.Max(1, Math.Abs((double)sums[2]!)));
            Assert.Equal((double)sums[3]!, values.Sum(v => v * v), 1e-6 * Math.Max(1, (double)sums[3]!));
        }
    }
}
