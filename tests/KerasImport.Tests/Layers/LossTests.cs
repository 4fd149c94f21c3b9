using System.Text;
using KerasCompat.Containers;
using KerasCompat.Runtime;

namespace KerasCompat.Tests.Layers;

/// <summary>
/// Terms of a loss that a model carries as layers: <c>model.add_loss(tensor)</c> and <c>model.add_metric(tensor)</c> of tf.keras 2 append
/// <c>AddLoss</c> and <c>AddMetric</c> behind the tensor's layer (keras/engine/base_layer.py, 2.4 to 2.15), where no output reads them.
/// </summary>
public class LossTests
{
    [Fact]
    public void Terms_of_a_loss_change_no_number()
    {
        using KerasModel model = Load("AddLoss", """{"unconditional": false}""", "AddMetric", """{"aggregation": "mean", "metric_name": "kl"}""");
        Tensor y = model.Predict(Tensor.From([-1f, 2, 3, -4], 2, 2));
        Assert.Equal([0f, 2, 3, 0], y.As<float>().ToArray());
        Assert.Equal(["x", "relu", "loss", "metric"], model.Layers.Select(l => l.Name));
    }

    [Fact]
    public void Keys_that_it_does_not_know_are_refused()
    {
        var e = Assert.ThrowsAny<KerasCompatException>(() => Load("AddLoss", """{"weight": 2}""", "AddMetric", "{}"));
        Assert.Contains("weight", e.Message, StringComparison.Ordinal);
    }

    private static KerasModel Load(string loss, string lossConfig, string metric, string metricConfig)
    {
        string json = $$$"""
            {"class_name": "Functional", "keras_version": "2.8.0", "backend": "tensorflow", "config": {"name": "model", "layers": [
              {"class_name": "InputLayer", "name": "x", "inbound_nodes": [], "config": {"batch_input_shape": [null, 2], "dtype": "float32", "sparse": false, "ragged": false, "name": "x"}},
              {"class_name": "ReLU", "name": "relu", "inbound_nodes": [[["x", 0, 0, {}]]], "config": {"name": "relu", "trainable": true, "dtype": "float32", "max_value": null, "negative_slope": 0.0, "threshold": 0.0}},
              {"class_name": "TFOpLambda", "name": "mean", "inbound_nodes": [["relu", 0, 0, {"axis": null}]], "config": {"name": "mean", "trainable": true, "dtype": "float32", "function": "math.reduce_mean"}},
              {"class_name": "{{{loss}}}", "name": "loss", "inbound_nodes": [[["mean", 0, 0, {}]]], "config": {{{Named(lossConfig, "loss")}}}},
              {"class_name": "{{{metric}}}", "name": "metric", "inbound_nodes": [[["mean", 0, 0, {}]]], "config": {{{Named(metricConfig, "metric")}}}}],
              "input_layers": [["x", 0, 0]], "output_layers": [["relu", 0, 0]]}}
            """;
        return KerasModel.LoadArchitecture(KerasFileReader.Open(new MemoryStream(Encoding.UTF8.GetBytes(json)), "model.json"));
    }

    private static string Named(string config, string name) =>
        $"{{\"name\": \"{name}\", \"trainable\": true, \"dtype\": \"float32\"{(config == "{}" ? string.Empty : $", {config[1..^1]}")}}}";
}
