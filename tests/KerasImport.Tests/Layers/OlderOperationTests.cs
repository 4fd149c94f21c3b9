using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;
using static KerasCompat.Tests.Layers.SmallModel;

namespace KerasCompat.Tests.Layers;

/// <summary>Operations whose parameters stood elsewhere before Keras 3.11, in the call or under other names.</summary>
public class OlderOperationTests
{
    [Theory]
    [InlineData("Slice", """{"shape": [1, 2]}""", "[X, [1, 0]]", "{}", "[X, [1, 0], [1, 2]]")]
    [InlineData("Scatter", """{"shape": [4, 3]}""", "[[[0], [3]], X]", "{}", "[[[0], [3]], X, [4, 3]]")]
    [InlineData("Threshold", """{"threshold": 0.25, "default_value": -7}""", "[X]", """{"threshold_value": 0.25, "value": -7}""", "[X]")]
    [InlineData("Reshape", """{"newshape": [3, 2]}""", "[X]", """{"new_shape": [3, 2]}""", "[X]")]
    [InlineData("Isclose", """{"equal_nan": true}""", "[X, 0.5, 0.5, 0.125]", "{}", "[X, 0.5, 0.5, 0.125, true]")]
    public void Older_files_say_the_same_in_other_places(string operation, string config, string args, string olderConfig, string olderArgs)
    {
        Tensor x = Tensor.From([0.5f, 1, -0.25f, 2, 0.75f, float.NaN], 2, 3);
        Tensor expected = Predict(config, args), older = Predict(olderConfig, olderArgs);
        Assert.Equal(expected.Shape, older.Shape);
        Assert.Equal(expected.Cast(DType.Float64).As<double>().ToArray(), older.Cast(DType.Float64).As<double>().ToArray());

        Tensor Predict(string parameters, string arguments)
        {
            JArray given = JArray.Parse(arguments.Replace("X", Reference("x").ToString(), StringComparison.Ordinal));
            return Functional(new LoadOptions(), [Input("x", [2, 3]), Operation(operation, "y", JObject.Parse(parameters), given)], ["x"], "y").Predict(x);
        }
    }

    [Fact]
    public void A_shape_that_is_not_made_of_numbers_is_refused()
    {
        JObject slice = Operation("Slice", "y", [], new JArray(Reference("x"), new JArray(0, 0), new JArray(Reference("x"), 2)));
        Assert.Contains("a shape that is not made of numbers", Assert.Throws<ModelFormatException>(() => Functional(new LoadOptions(), [Input("x", [2, 3]), slice], ["x"], "y")).Message, StringComparison.Ordinal);
    }
}
