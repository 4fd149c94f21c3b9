using KerasCompat.Containers;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects.Tests;

public class Keras1DialectTests
{
    [Fact]
    public void A_convolution_gets_Keras_3_keys_in_the_order_of_the_file()
    {
        JObject layer = Canonical.Layer(
            "Convolution2D",
            """
            {"name": "conv", "trainable": true, "nb_filter": 4, "nb_row": 3, "nb_col": 2, "init": "uniform", "activation": "relu", "border_mode": "valid",
             "subsample": [2, 1], "dim_ordering": "th", "W_regularizer": {"name": "L1L2Regularizer", "l1": 0.0, "l2": 0.5},
             "b_constraint": {"name": "MaxNorm", "m": 2, "axis": 0}, "bias": true, "batch_input_shape": [null, 3, 8, 8], "input_dtype": "float32"}
            """,
            "1.2.2",
            "tensorflow");
        Assert.Equal("Conv2D", (string?)layer["class_name"]);
        Canonical.Same(
            """
            {"name": "conv", "trainable": true, "filters": 4, "kernel_initializer": "random_uniform", "activation": "relu", "padding": "valid",
             "strides": [2, 1], "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.5}},
             "bias_constraint": {"class_name": "MaxNorm", "config": {"max_value": 2, "axis": 0}}, "use_bias": true,
             "kernel_size": [3, 2], "data_format": "channels_first", "dtype": "float32"}
            """,
            layer["config"]);
        Canonical.Same("""["channels_first_kernels"]""", layer["weight_layout"]);
    }

    [Fact]
    public void A_first_layer_tells_the_input()
    {
        JObject[] layers = Canonical.Layers(Canonical.Root(
            """{"class_name": "Sequential", "config": [{"class_name": "Embedding", "config": {"name": "e", "input_dim": 9, "output_dim": 3, "batch_input_shape": [null, 4], "input_dtype": "int32", "dropout": 0.2}}]}""",
            "1.1.0"));
        Canonical.Same("""{"name": "e_input", "batch_shape": [null, 4], "dtype": "int32", "sparse": false, "ragged": false, "optional": false}""", layers[0]["config"]);
        Canonical.Same("""{"name": "e", "input_dim": 9, "output_dim": 3, "mask_zero": false, "dtype": "float32"}""", layers[1]["config"]);
    }

    [Theory]
    [InlineData("Dense", "\"input_dim\": 5, \"output_dim\": 2", "[null, 5]")]
    [InlineData("LSTM", "\"input_dim\": 5, \"input_length\": 7, \"output_dim\": 2", "[null, 7, 5]")]
    [InlineData("LSTM", "\"input_dim\": 5, \"input_length\": null, \"output_dim\": 2", "[null, null, 5]")]
    [InlineData("Embedding", "\"input_dim\": 9, \"output_dim\": 2, \"input_length\": 6", "[null, 6]")]
    public void Dimensions_alone_tell_the_input_too(string className, string keys, string shape)
    {
        JObject root = Canonical.Root(Canonical.Sequential(className, $$$$"""{"name": "first", {{{{keys}}}}}""", "1.0.8"), "1.0.8");
        Canonical.Same(shape, Canonical.Layers(root)[0]["config"]!["batch_shape"]);
    }

    /// <remarks>Until Keras 1.2.0 <c>get_config</c> of Highway has the value that its carry bias starts with; the weights stand in its place.</remarks>
    [Fact]
    public void What_a_weight_started_with_is_dropped()
    {
        JObject layer = Canonical.Layer("Highway", """{"name": "h", "transform_bias": -2, "activation": "relu", "bias": true}""", "1.2.0");
        Canonical.Same("""{"name": "h", "activation": "relu", "use_bias": true, "dtype": "float32"}""", layer["config"]);
    }

    [Theory]
    [InlineData("cpu", "[\"keras1_lstm\"]")]
    [InlineData("mem", "[\"keras1_lstm\"]")]
    [InlineData("gpu", "null")]
    public void Consume_less_decides_how_gates_are_stored(string consumeLess, string layout)
    {
        JObject layer = Canonical.Layer(
            "LSTM",
            $$$$"""
            {"name": "l", "output_dim": 2, "inner_activation": "hard_sigmoid", "activation": "tanh", "forget_bias_init": "one", "dropout_W": 0.1, "dropout_U": 0.2,
             "consume_less": "{{{{consumeLess}}}}", "input_dim": 3, "input_length": null}
            """,
            "1.2.2");
        Assert.Equal("hard_sigmoid_slope_0.2", (string?)layer["config"]!["recurrent_activation"]);
        Assert.True((bool)layer["config"]!["unit_forget_bias"]!);
        Assert.Equal(0.1, (double)layer["config"]!["dropout"]!);
        Canonical.Same(layout, layer["weight_layout"] ?? JValue.CreateNull());
    }

    [Theory]
    [InlineData("sum", "Add", "{\"mask_rule\": \"and\"}")]
    [InlineData("ave", "Average", "{\"mask_rule\": \"and\"}")]
    [InlineData("mul", "Multiply", "{\"mask_rule\": \"and\"}")]
    [InlineData("max", "Maximum", "{\"mask_rule\": \"and\"}")]
    [InlineData("concat", "Concatenate", "{\"axis\": 1, \"mask_rule\": \"all\"}")]
    [InlineData("dot", "Dot", "{\"axes\": [2, 1], \"normalize\": false}")]
    [InlineData("cos", "Merge", "{\"axes\": [2, 1], \"mode\": \"cos\"}")]
    public void Merge_becomes_the_layer_of_its_mode(string mode, string className, string config)
    {
        JObject merge = Merged($"\"mode\": \"{mode}\", \"mode_type\": \"raw\"");
        Assert.Equal(className, (string?)merge["class_name"]);
        var expected = JObject.Parse(config);
        expected.AddFirst(new JProperty("name", "m"));
        expected["dtype"] = "float32";
        Canonical.Same(expected.ToString(), merge["config"]);
        Assert.Equal(2, ((JArray)merge["inbound_nodes"]![0]!["args"]![0]!).Count);
    }

    [Fact]
    public void Merge_by_a_function_is_a_Lambda()
    {
        JObject merge = Merged("\"mode\": [\"code\", null, null], \"mode_type\": \"lambda\"");
        Assert.Equal("Lambda", (string?)merge["class_name"]);
        Canonical.Same("""{"class_name": "__lambda__", "config": {"code": "code", "defaults": null, "closure": null}}""", merge["config"]!["function"]);
    }

    [Fact]
    public void An_unknown_mode_is_named()
    {
        CanonicalModel model = Canonical.Run(Functional("\"mode\": \"join\", \"mode_type\": \"raw\""), "1.2.2");
        Assert.Equal("layers[2] \"m\" (Merge).mode: found 'join'; expected one of sum, ave, mul, max, concat, dot, cos; mend the config, or save the model again", Assert.Single(model.Problems).ToString());
    }

    [Fact]
    public void Layers_that_record_no_order_take_that_of_the_convolutions()
    {
        const string Json = """
            {"class_name": "Sequential", "config": [
              {"class_name": "ZeroPadding2D", "config": {"name": "pad", "padding": {"top_pad": 1, "bottom_pad": 2, "left_pad": 0, "right_pad": 3}, "batch_input_shape": [null, 3, 8, 8]}},
              {"class_name": "Convolution2D", "config": {"name": "c", "nb_filter": 1, "nb_row": 1, "nb_col": 1, "border_mode": "same", "dim_ordering": "th"}},
              {"class_name": "UpSampling2D", "config": {"name": "up", "size": [2, 2]}}]}
            """;
        JObject root = Canonical.Root(Json, "1.2.2");
        Assert.Equal("channels_first", (string?)Canonical.Layer(root, "pad")["config"]!["data_format"]);
        Canonical.Same("[[1, 2], [0, 3]]", Canonical.Layer(root, "pad")["config"]!["padding"]);
        Assert.Equal("channels_first", (string?)Canonical.Layer(root, "up")["config"]!["data_format"]);
    }

    [Theory]
    [InlineData("conv_W:0", "Keras 1.2.2", "same")]
    [InlineData("conv_W", "Keras 1.2.2 (Theano)", "same_theano")]
    public void Weight_names_tell_the_backend(string weight, string generation, string padding)
    {
        CanonicalModel model = Canonical.Run(
            Canonical.Sequential("Convolution1D", """{"name": "conv", "nb_filter": 2, "filter_length": 3, "border_mode": "same", "batch_input_shape": [null, 8, 2]}""", "1.2.2"),
            "1.2.2",
            weights: new LayerWeights { Layers = [Canonical.Stored("conv", (weight, [3, 1, 2, 2]))] });
        Assert.Equal(generation, model.Generation);
        Assert.Equal(padding, (string?)Canonical.Layer(model.Root, "conv")["config"]!["padding"]);
    }

    [Fact]
    public void The_callers_backend_wins()
    {
        JObject layer = Canonical.Layer("Convolution1D", """{"name": "conv", "nb_filter": 2, "filter_length": 3, "border_mode": "same", "batch_input_shape": [null, 8, 2]}""", "1.2.2", "theano");
        Canonical.Same("""["keras1_conv1d", "flipped_kernels"]""", layer["weight_layout"]);
    }

    [Fact]
    public void Stored_shapes_tell_shared_axes()
    {
        CanonicalModel model = Canonical.Run(
            Canonical.Sequential("PReLU", """{"name": "p", "init": "zero", "batch_input_shape": [null, 4, 5, 3]}""", "1.2.2"),
            "1.2.2",
            weights: new LayerWeights { Layers = [Canonical.Stored("p", ("p_alphas", [1, 1, 3]))] });
        Canonical.Same("[1, 2]", Canonical.Layer(model.Root, "p")["config"]!["shared_axes"]);
    }

    [Fact]
    public void Branches_that_merge_first_become_a_functional_model()
    {
        const string Json = """
            {"class_name": "Sequential", "config": [
              {"class_name": "Merge", "config": {"name": "m", "mode": "concat", "mode_type": "raw", "concat_axis": -1, "layers": [
                {"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": "a", "output_dim": 3, "batch_input_shape": [null, 6]}},
                                                        {"class_name": "Dense", "config": {"name": "shared", "output_dim": 3}}]},
                {"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": "b", "output_dim": 3, "batch_input_shape": [null, 5]}},
                                                        {"class_name": "Dense", "config": {"name": "shared", "output_dim": 3}}]}]}},
              {"class_name": "Dense", "config": {"name": "last", "output_dim": 2}}]}
            """;
        JObject root = Canonical.Root(Json, "1.2.2");
        Assert.Equal("Functional", (string?)root["class_name"]);
        Assert.Equal(["a_input", "a", "shared", "b_input", "b", "m", "last"], Canonical.Layers(root).Select(layer => (string?)layer["name"]));
        Canonical.Same("""[["a_input", 0, 0], ["b_input", 0, 0]]""", root["config"]!["input_layers"]);
        Canonical.Same("""[["last", 0, 0]]""", root["config"]!["output_layers"]);
        Assert.Equal(2, ((JArray)Canonical.Layer(root, "shared")["inbound_nodes"]!).Count);
        Assert.Equal([0, 1], Canonical.Layer(root, "m")["inbound_nodes"]![0]!.SelectTokens("$..keras_history").Select(history => (int)history[1]!));
    }

    [Fact]
    public void Keras_0_entries_are_their_own_config()
    {
        JObject root = Canonical.Root("""{"name": "Sequential", "layers": [{"name": "Dense", "custom_name": "d", "output_dim": 2, "input_dim": 4, "W_regularizer": null}], "loss": "mse"}""", null);
        JObject dense = Canonical.Layer(root, "d");
        Assert.Equal("Dense", (string?)dense["class_name"]);
        Assert.Equal(2, (int)dense["config"]!["units"]!);
    }

    [Theory]
    [InlineData("1.0.5", "[\"keras1_running_std:1E-05\"]")]
    [InlineData("1.0.7", "null")]
    public void BatchNormalization_held_a_deviation_up_to_1_0_5(string version, string layout)
    {
        JObject layer = Canonical.Layer("BatchNormalization", """{"name": "b", "epsilon": 1e-05, "mode": 0, "axis": -1, "batch_input_shape": [null, 4]}""", version);
        Canonical.Same(layout, layer["weight_layout"] ?? JValue.CreateNull());
        Assert.Null(layer["config"]!["mode"]);
    }

    [Theory]
    [InlineData("\"batch_input_shape\": [null, 784.0]")]
    [InlineData("\"input_dim\": 784.0")]
    public void A_size_that_R_wrote_as_a_double_is_that_size(string shape) => Canonical.Same(
        "[null, 784]",
        Canonical.Layers(Canonical.Root(Canonical.Sequential("Dense", $$"""{"name": "d", "output_dim": 2, {{shape}}}""", "1.2.1"), "1.2.1"))[0]["config"]!["batch_shape"]);

    private static JObject Merged(string keys) => Canonical.Layer(Canonical.Root(Functional(keys), "1.2.2"), "m");

    private static string Functional(string keys) => $$$$"""
        {"class_name": "Model", "config": {"name": "g", "layers": [
          {"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_input_shape": [null, 3, 4], "input_dtype": "float32"}, "inbound_nodes": []},
          {"class_name": "InputLayer", "name": "y", "config": {"name": "y", "batch_input_shape": [null, 4, 3], "input_dtype": "float32"}, "inbound_nodes": []},
          {"class_name": "Merge", "name": "m", "config": {"name": "m", {{{{keys}}}}, "concat_axis": 1, "dot_axes": [[2], [1]], "output_shape": null, "output_shape_type": "raw",
           "output_mask": null, "output_mask_type": "raw", "arguments": {}}, "inbound_nodes": [[["x", 0, 0], ["y", 0, 0]]]}],
         "input_layers": [["x", 0, 0], ["y", 0, 0]], "output_layers": [["m", 0, 0]]}}
        """;
}
