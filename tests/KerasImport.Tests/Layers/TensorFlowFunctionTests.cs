using System.Text;
using KerasCompat.Containers;
using KerasCompat.Runtime;

namespace KerasCompat.Tests.Layers;

/// <summary>Functions of TensorFlow in functional models of tf.keras, with arguments as its nodes hold them.</summary>
public class TensorFlowFunctionTests
{
    private static readonly Tensor Square = Tensor.From([3f, 4, 0, -2], 1, 2, 2);

    [Theory]
    [InlineData("norm", """{"axis": -1}""", "1,2", new double[] { 5, 2 })]
    [InlineData("compat.v1.norm", """{"ord": "euclidean", "axis": [1, 2], "keepdims": null, "name": null}""", "1", new[] { 5.385164807134505 })]
    [InlineData("norm", """{"ord": 1, "axis": 1, "keepdims": true}""", "1,1,2", new double[] { 3, 6 })]
    [InlineData("slice", """{"begin": [0, 1, 0], "size": [-1, 1, -1]}""", "1,1,2", new double[] { 0, -2 })]
    [InlineData("unstack", """{"num": 2, "axis": 1}""", "1,2", new double[] { 3, 4 })]
    [InlineData("math.count_nonzero", """{"axis": 2, "dtype": "int32"}""", "1,2", new double[] { 2, 1 })]
    [InlineData("math.top_k", """{"k": 1, "sorted": true}""", "1,2,1", new double[] { 4, 0 })]
    [InlineData("math.reciprocal_no_nan", "{}", "1,2,2", new[] { 1 / 3.0, 0.25, 0, -0.5 })]
    [InlineData("math.xdivy", """{"y": 0.0}""", "1,2,2", new[] { double.PositiveInfinity, double.PositiveInfinity, 0, double.NegativeInfinity })]
    [InlineData("math.xlogy", """{"y": 1.0}""", "1,2,2", new double[] { 0, 0, 0, 0 })]
    [InlineData("realdiv", """{"y": 2.0}""", "1,2,2", new[] { 1.5, 2, 0, -1 })]
    [InlineData("linalg.matvec", """{"b": [1.0, 2.0]}""", "1,2", new double[] { 11, -4 })]
    [InlineData("linalg.matrix_transpose", "{}", "1,2,2", new double[] { 3, 0, 4, -2 })]
    [InlineData("linalg.trace", "{}", "1", new double[] { 1 })]
    [InlineData("linalg.det", "{}", "1", new double[] { -6 })]
    [InlineData("clip_by_norm", """{"clip_norm": 1.0, "axes": [2]}""", "1,2,2", new[] { 0.6, 0.8, 0, -1 })]
    public void Arguments_mean_what_they_mean_in_TensorFlow(string function, string arguments, string shape, double[] expected)
    {
        using KerasModel model = Load("TFOpLambda", function, arguments, "[null, 2, 2]");
        Tensor y = model.Predict(Square);
        Assert.Equal(shape, string.Join(',', y.Shape));
        double[] got = y.Cast(DType.Float64).As<double>().ToArray();
        Assert.All(expected.Zip(got), pair => Assert.True(pair.First.Equals(pair.Second) || Math.Abs(pair.First - pair.Second) < 1e-6, $"{pair}"));
    }

    [Fact]
    public void A_picture_keeps_its_proportions_where_asked_to()
    {
        using KerasModel model = Load("TFOpLambda", "image.resize", """{"size": [6, 6], "preserve_aspect_ratio": true}""", "[null, 4, 8, 1]");
        Assert.Equal(new Shape(1, 3, 6, 1), model.Predict(Tensor.From(new float[32], 1, 4, 8, 1)).Shape);
    }

    [Theory]
    [InlineData("SlicingOpLambda", "boolean_mask", """{"mask": [[true, false]]}""", "tf.boolean_mask")]
    [InlineData("TFOpLambda", "math.top_k", """{"k": 1, "sorted": false}""", "sorted=False")]
    [InlineData("TFOpLambda", "norm", """{"ord": 1, "axis": [1, 2]}""", "norm of matrices")]
    public void What_is_not_known_is_refused_by_name(string layer, string function, string arguments, string named) =>
        Assert.Contains(named, Assert.Throws<UnsupportedModelException>(() => Load(layer, function, arguments, "[null, 2, 2]")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("2.9.0", new[] { 1.0, 1, 1 })]
    [InlineData("2.15.0", new[] { 1.0, 1, 0 })]
    public void The_mask_of_a_query_goes_on_from_tf_keras_2_10_on(string version, double[] counted)
    {
        using KerasModel model = Open($$$"""
            {"class_name": "Functional", "keras_version": "{{{version}}}", "backend": "tensorflow", "config": {"name": "model", "layers": [
              {{{Input("[null, 3, 2]")}}},
              {"class_name": "Masking", "name": "mask", "inbound_nodes": [[["x", 0, 0, {}]]], "config": {"name": "mask", "trainable": true, "dtype": "float32", "mask_value": 0.0}},
              {"class_name": "MultiHeadAttention", "name": "heads", "inbound_nodes": [[["mask", 0, 0, {"value": ["mask", 0, 0]}]]], "config": {"name": "heads", "trainable": true, "dtype": "float32", "num_heads": 1, "key_dim": 2, "value_dim": 2, "dropout": 0.0, "use_bias": true, "output_shape": null, "attention_axes": [1], "query_shape": [null, 3, 2], "key_shape": [null, 3, 2], "value_shape": [null, 3, 2]}},
              {"class_name": "GlobalAveragePooling1D", "name": "mean", "inbound_nodes": [[["heads", 0, 0, {}]]], "config": {"name": "mean", "trainable": true, "dtype": "float32", "data_format": "channels_last"}}],
              "input_layers": [["x", 0, 0]], "output_layers": [["heads", 0, 0], ["mean", 0, 0]]}}
            """);
        model.FillWeights((i, weight) => Tensor.From([.. Enumerable.Range(0, weight.Shape.ElementCount).Select(k => MathF.Sin(k + i))], [.. weight.Shape]));
        Tensor[] outputs = model.Predict([Tensor.From([1f, 2, -1, 0.5f, 0, 0], 1, 3, 2)]);
        Tensor<float> steps = outputs[0].As<float>();
        double expected = counted.Select((weight, t) => weight * steps[0, t, 0]).Sum() / counted.Sum();
        Assert.Equal(expected, outputs[1].As<float>()[0, 0], 1e-5);
    }

    private static string Input(string shape) =>
        $$$"""{"class_name": "InputLayer", "name": "x", "inbound_nodes": [], "config": {"batch_input_shape": {{{shape}}}, "dtype": "float32", "sparse": false, "ragged": false, "name": "x"}}""";

    private static KerasModel Load(string layer, string function, string arguments, string shape) => Open($$$"""
        {"class_name": "Functional", "keras_version": "2.15.0", "backend": "tensorflow", "config": {"name": "model", "layers": [
          {{{Input(shape)}}},
          {"class_name": "{{{layer}}}", "name": "y", "inbound_nodes": [["x", 0, 0, {{{arguments}}}]], "config": {"name": "y", "trainable": true, "dtype": "float32", "function": "{{{function}}}"}}],
          "input_layers": [["x", 0, 0]], "output_layers": [["y", 0, 0]]}}
        """);

    private static KerasModel Open(string json) => KerasModel.LoadArchitecture(KerasFileReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(json)), "model.json"));
}
