using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;
using static KerasCompat.Tests.Layers.SmallModel;

namespace KerasCompat.Tests.Layers;

/// <summary>
/// <c>keras.ops.correlate</c> by its lengths: a convolution in TensorFlow without padding has length - width + 1 places, of which none is
/// left where the kernel is one longer; only a negative number is an error there.
/// </summary>
public class CorrelateTests
{
    [Theory]
    [InlineData("valid", "[1, 1]", new float[] { 3, 5 })]
    [InlineData("valid", "[1, 1, 1, 1]", new float[0])]
    [InlineData("full", "[1, 1, 1, 1]", new float[] { 1, 3, 6, 6, 5, 3 })]
    [InlineData("same", "[1, 1, 1, 1]", new float[] { 3, 6, 6, 5 })]
    public void Places_by_length_and_width(string mode, string kernel, float[] expected)
    {
        KerasModel model = Functional(new LoadOptions(), [Input("x", [3]), Operation("Correlate", "y", new JObject { ["mode"] = mode }, new JArray(Reference("x"), JToken.Parse(kernel)))], ["x"], "y");
        Assert.Equal(expected, model.Predict(Tensor.From([1f, 2, 3], 3)).As<float>().ToArray());
    }
}
