using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects.Tests;

/// <summary>Calls: records, arguments, node indices.</summary>
public class GraphTests
{
    private const string Tensor = """{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}""";

    [Theory]
    [InlineData("[[\"x\", 0, 0]]", "[T]", "{}")]
    [InlineData("[[\"x\", 0, 0, {}]]", "[T]", "{}")]
    [InlineData("[[\"x\", 0, 0, {}], [\"x\", 0, 0, {}]]", "[[T, T]]", "{}")]
    [InlineData("[\"x\", 0, 0, {\"y\": [\"x\", 0, 0], \"name\": \"n\"}]", "[T]", "{\"y\": T, \"name\": \"n\"}")]
    [InlineData("[\"x\", 0, 0, {\"shape\": [[\"x\", 0, 0], -1, 2]}]", "[T]", "{\"shape\": [T, -1, 2]}")]
    [InlineData("[\"x\", 0, 0, {\"axis\": [1, 0, 0], \"mode\": [\"other\", 0, 0]}]", "[T]", "{\"axis\": [1, 0, 0], \"mode\": [\"other\", 0, 0]}")]
    [InlineData("{\"a\": [\"x\", 0, 0, {}], \"b\": [[\"x\", 0, 0, {}]]}", "[{\"a\": T, \"b\": [T]}]", "{}")]
    [InlineData("[\"_CONSTANT_VALUE\", -1, [0.5, 1.5], {\"y\": [\"x\", 0, 0]}]", "[[0.5, 1.5]]", "{\"y\": T}")]
    public void Records_of_every_form_become_args_and_kwargs(string record, string args, string kwargs)
    {
        JObject call = Call("TFOpLambda", "{\"function\": \"f\"}", record);
        Canonical.Same(args.Replace("T", Tensor, StringComparison.Ordinal), call["args"]);
        Canonical.Same(kwargs.Replace("T", Tensor, StringComparison.Ordinal), call["kwargs"]);
    }

    [Fact]
    public void Slices_are_Keras_3_slices()
    {
        JObject call = Call("SlicingOpLambda", "{}", """["x", 0, 0, {"slice_spec": [{"class_name": "__ellipsis__"}, {"start": null, "stop": ["x", 0, 0], "step": 2}, null, 3]}]""");
        Canonical.Same(
            $$$$"""[{"class_name": "__ellipsis__", "config": {}}, {"class_name": "__slice__", "config": {"start": null, "stop": {{{{Tensor}}}}, "step": 2}}, null, 3]""",
            call["kwargs"]!["slice_spec"]);
    }

    [Fact]
    public void Further_inputs_of_a_recurrent_layer_are_its_states_and_constants()
    {
        JObject call = Call("RNN", """{"num_constants": 1, "cell": {"class_name": "LSTMCell", "config": {"name": "c", "units": 2}}}""", """[["x", 0, 0, {}], ["x", 0, 0, {}], ["x", 0, 0, {}], ["x", 0, 0, {}]]""");
        Canonical.Same($"[{Tensor}]", call["args"]);
        Canonical.Same($$$$"""{"constants": [{{{{Tensor}}}}], "initial_state": [{{{{Tensor}}}}, {{{{Tensor}}}}]}""", call["kwargs"]);
    }

    [Fact]
    public void States_of_a_stacked_cell_may_be_a_list_of_their_own()
    {
        JObject call = Call("RNN", """{"cell": {"class_name": "LSTMCell", "config": {"name": "c", "units": 2}}}""", """[["x", 0, 0, {}], [["x", 0, 0, {}], ["x", 0, 0, {}]], ["x", 0, 0, {}]]""");
        Canonical.Same($"[{Tensor}]", call["args"]);
        Canonical.Same($$$$"""{"initial_state": [[{{{{Tensor}}}}, {{{{Tensor}}}}], {{{{Tensor}}}}]}""", call["kwargs"]);
    }

    [Theory]
    [InlineData("2.15.0", "{\"mask\": null, \"training\": false, \"initial_state\": null}", "{}")]
    [InlineData("2.15.0", "{\"training\": true}", "{\"training\": true}")]
    public void Keyword_arguments_that_say_nothing_go(string version, string kwargs, string left) =>
        Canonical.Same(left, Call("GRU", "{\"units\": 2}", $$$$"""[["x", 0, 0, {{{{kwargs}}}}]]""", version)["kwargs"]);

    [Theory]
    [InlineData("MultiHeadAttention", "[T, T]", "{\"use_causal_mask\": true, \"query_mask\": null, \"training\": true}", "{\"use_causal_mask\": true, \"value\": T}")]
    [InlineData("MultiHeadAttention", "[]", "{\"query\": T, \"value\": T}", "{\"value\": T}")]
    [InlineData("LSTM", "[T, [T, T]]", "{}", "{\"initial_state\": [T, T]}")]
    [InlineData("Functional3", "[T]", "{\"mask\": [null, [null]]}", "{}")]
    public void Arguments_after_the_first_go_by_name(string className, string args, string kwargs, string left)
    {
        string written = """{"class_name": "__keras_tensor__", "config": {"shape": [null, 2], "dtype": "float32", "keras_history": ["x", 0, 0]}}""";
        string node = $$$$"""{"args": {{{{args}}}}, "kwargs": {{{{kwargs}}}}}""".Replace("T", written, StringComparison.Ordinal);
        JObject call = Call(className, "{\"units\": 2, \"trainable\": true}", node, "3.8.0");
        Canonical.Same($"[{Tensor}]", call["args"]);
        Canonical.Same(left.Replace("T", Tensor, StringComparison.Ordinal), call["kwargs"]);
    }

    [Theory]
    [InlineData("1.2.2", "Model", 1, 1)]
    [InlineData("2.2.4", "Model", 1, 1)]
    [InlineData("2.15.0", "Functional", 1, 1)]
    [InlineData("2.15.0", "Functional", 0, 0)]
    [InlineData("3.15.0", "Functional", 0, 1)]
    public void Calls_of_nested_models_count_from_zero(string version, string className, int inboundBase, int outputBase)
    {
        JObject root = Canonical.Root(Nested(className, version, inboundBase, outputBase), version);
        Assert.Equal([0, 1], Canonical.Layer(root, "sum")["inbound_nodes"]![0]!.SelectTokens("$..keras_history").Select(history => (int)history[1]!));
        Canonical.Same("""[["sum", 0, 0], ["inner", 1, 0]]""", root["config"]!["output_layers"]);
    }

    /// <summary>An inner model called twice whose calls are all wanted, counted from the given indices.</summary>
    private static string Nested(string className, string version, int inboundBase, int outputBase)
    {
        bool keras3 = version.StartsWith('3');
        string shapeKey = keras3 ? "batch_shape" : "batch_input_shape";
        string Tensor(string layer, int node) => keras3
            ? $$$$"""{"class_name": "__keras_tensor__", "config": {"shape": [null, 3], "dtype": "float32", "keras_history": ["{{{{layer}}}}", {{{{node}}}}, 0]}}"""
            : $"""["{layer}", {node}, 0]""";
        string List(string[] tensors) => $"[{string.Join(", ", tensors)}]";
        string Node(params string[] tensors) => !keras3 ? List(tensors)
            : $$$$"""{"args": [{{{{(tensors.Length == 1 ? tensors[0] : List(tensors))}}}}], "kwargs": {}}""";
        string sum = version.StartsWith('1') ? """{"name": "sum", "mode": "sum", "mode_type": "raw"}""" : """{"name": "sum", "trainable": true}""";
        return $$$$"""
            {"class_name": "{{{{className}}}}", "config": {"name": "outer", "layers": [
              {"class_name": "InputLayer", "name": "x", "config": {"name": "x", "{{{{shapeKey}}}}": [null, 3]}, "inbound_nodes": []},
              {"class_name": "{{{{className}}}}", "name": "inner", "config": {"name": "inner", "layers": [
                 {"class_name": "InputLayer", "name": "i", "config": {"name": "i", "{{{{shapeKey}}}}": [null, 3]}, "inbound_nodes": []},
                 {"class_name": "Dense", "name": "d", "config": {"name": "d", "trainable": true, "activation": "linear"}, "inbound_nodes": [{{{{Node(Tensor("i", 0))}}}}]}],
                 "input_layers": [["i", 0, 0]], "output_layers": [["d", 0, 0]]},
               "inbound_nodes": [{{{{Node(Tensor("x", 0))}}}}, {{{{Node(Tensor("inner", inboundBase))}}}}]},
              {"class_name": "{{{{(version.StartsWith('1') ? "Merge" : "Add")}}}}", "name": "sum", "config": {{{{sum}}}}, "inbound_nodes": [{{{{Node(Tensor("inner", inboundBase), Tensor("inner", inboundBase + 1))}}}}]}],
             "input_layers": [["x", 0, 0]], "output_layers": [["sum", 0, 0], ["inner", {{{{outputBase + 1}}}}, 0]]}}
            """;
    }

    private static JObject Call(string className, string config, string node, string version = "2.15.0")
    {
        bool nested = className == "Functional3";
        var own = JObject.Parse(config);
        own["name"] = "l";
        string shapeKey = version.StartsWith('3') ? "batch_shape" : "batch_input_shape";
        var model = JObject.Parse($$$$"""
            {"class_name": "Functional", "config": {"name": "m", "layers": [
              {"class_name": "InputLayer", "name": "x", "config": {"name": "x", "{{{{shapeKey}}}}": [null, 2, 2]}, "inbound_nodes": []},
              {"class_name": "{{{{className}}}}", "name": "l", "config": {{{{own}}}}, "inbound_nodes": [{{{{node}}}}]}],
             "input_layers": [["x", 0, 0]], "output_layers": [["l", 0, 0]]}}
            """);
        if (nested)
        {
            model["config"]!["layers"]![1]!["class_name"] = "Sequential";
            model["config"]!["layers"]![1]!["config"] = JObject.Parse("""{"name": "l", "layers": []}""");
        }

        JObject root = Canonical.Root(model.ToString(), version);
        return (JObject)Canonical.Layer(root, "l")["inbound_nodes"]![0]!;
    }
}
