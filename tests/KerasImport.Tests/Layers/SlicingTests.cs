using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;
using static KerasCompat.Tests.Layers.SmallModel;

namespace KerasCompat.Tests.Layers;

/// <summary><c>x[…]</c> of the numbers 0 to 23 in the shape (2, 3, 4).</summary>
public class SlicingTests
{
    private const string Whole = """{"class_name": "__slice__", "config": {"start": null, "stop": null, "step": null}}""";

    [Theory]
    [InlineData("1", "3,4", "12 13 14 15 16 17 18 19 20 21 22 23")]
    [InlineData("[-1, -1]", "4", "20 21 22 23")]
    [InlineData($"""[{Whole}, 0, {"""{"class_name": "__slice__", "config": {"start": 1, "stop": -1, "step": null}}"""}]""", "2,2", "1 2 13 14")]
    [InlineData("""[{"class_name": "__ellipsis__", "config": {}}, 3]""", "2,3", "3 7 11 15 19 23")]
    [InlineData("""[0, null, {"class_name": "__slice__", "config": {"start": null, "stop": null, "step": -2}}]""", "1,2,4", "8 9 10 11 0 1 2 3")]
    [InlineData("""[1, {"class_name": "__slice__", "config": {"start": 5, "stop": null, "step": null}}]""", "0,4", "")]
    [InlineData("null", "1,2,3,4", null)]
    public void Keys_pick_what_Python_picks(string key, string shape, string? numbers)
    {
        JObject item = Operation("GetItem", "item", [], new JArray(Reference("x"), JToken.Parse(key)));
        KerasModel model = Functional(new LoadOptions(), [Input("x", [2, 3, 4]), item], ["x"], "item");
        Tensor<float> y = model.Predict(Numbered()).As<float>();
        Assert.Equal(shape, string.Join(',', y.Shape));
        Assert.Equal(numbers ?? string.Join(' ', Enumerable.Range(0, 24)), string.Join(' ', y.ToArray()));
    }

    [Fact]
    public void Bounds_may_be_computed_from_elements()
    {
        JObject slice = new() { ["class_name"] = "__slice__", ["config"] = new JObject { ["start"] = null, ["stop"] = Reference("n"), ["step"] = null } };
        JObject item = Operation("GetItem", "item", [], new JArray(Reference("x"), new JArray(0, slice)));
        KerasModel model = Functional(new LoadOptions(), [Input("x", [2, 3, 4]), Input("n", [], "int32"), item], ["x", "n"], "item");
        Assert.Equal(new Shape(2, 4), model.Predict([Numbered(), Tensor.Scalar(2)])[0].Shape);
        Assert.Equal(new Shape(1, 4), model.Predict([Numbered(), Tensor.Scalar(-2)])[0].Shape);
    }

    private static Tensor Numbered() => Tensor.From(Enumerable.Range(0, 24).Select(i => (float)i).ToArray(), 2, 3, 4);
}
