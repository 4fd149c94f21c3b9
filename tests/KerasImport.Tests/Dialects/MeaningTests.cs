using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects.Tests;

/// <summary>Meanings that changed between versions, and values that changed their form.</summary>
public class MeaningTests
{
    [Theory]
    [InlineData("Add", "{}", "2.2.4", "mask_rule", "\"and\"")]
    [InlineData("Add", "{}", "3.3.3", "mask_rule", "\"none\"")]
    [InlineData("Add", "{}", "3.4.0", "mask_rule", "\"or\"")]
    [InlineData("Concatenate", "{}", "3.3.3", "mask_rule", "\"none\"")]
    [InlineData("Concatenate", "{}", "3.15.1", "mask_rule", "\"any\"")]
    [InlineData("Softmax", "{}", "2.15.0", "masked_softmax", "\"add\"")]
    [InlineData("Softmax", "{\"robust_masking\": true}", "2.15.0", "masked_softmax", "\"where\"")]
    [InlineData("Softmax", "{}", "3.12.4", "masked_softmax", "\"add_zero_rows\"")]
    [InlineData("Softmax", "{}", "3.9.2", "masked_softmax", "\"add\"")]
    [InlineData("Softmax", "{}", "3.13.0", "masked_softmax", "\"zero_rows\"")]
    [InlineData("Attention", "{}", "3.3.3", "mask_rule", "\"none\"")]
    [InlineData("Attention", "{}", "3.4.0", "mask_rule", null)]
    [InlineData("MultiHeadAttention", "{}", "3.7.0", "reads_query_mask", "true")]
    [InlineData("MultiHeadAttention", "{}", "3.8.0", "reads_query_mask", null)]
    [InlineData("Softmax", "{}", "3.14.0", "masked_softmax", "\"zero_rows\"")]
    [InlineData("GRU", "{\"units\": 2}", "2.1.0", "reset_after", "false")]
    [InlineData("GRU", "{\"units\": 2}", "2.15.0", "reset_after", "true")]
    [InlineData("GRU", "{\"units\": 2}", "2.2.4", "recurrent_activation", "\"hard_sigmoid_slope_0.2\"")]
    [InlineData("GRU", "{\"units\": 2}", "2.3.1", "recurrent_activation", "\"sigmoid\"")]
    [InlineData("GRU", "{\"units\": 2}", "2.15.0", "recurrent_activation", "\"sigmoid\"")]
    [InlineData("ConvLSTM2D", "{\"filters\": 2}", "2.15.0", "recurrent_activation", "\"hard_sigmoid_slope_0.2\"")]
    [InlineData("LSTM", "{\"units\": 2}", "2.15.0", "mask_with_initial_state", "true")]
    [InlineData("LSTM", "{\"units\": 2}", "3.15.1", "mask_with_initial_state", "false")]
    [InlineData("Activation", "{\"activation\": \"hard_sigmoid\"}", "2.15.0", "activation", "\"hard_sigmoid_slope_0.2\"")]
    [InlineData("Lambda", "{\"function\": \"hard_sigmoid\", \"function_type\": \"function\"}", "2.2.4", "function", "{\"class_name\": \"function\", \"config\": \"hard_sigmoid_slope_0.2\"}")]
    [InlineData("Activation", "{\"activation\": \"hard_sigmoid\"}", "3.0.5", "activation", "\"hard_sigmoid\"")]
    [InlineData("Activation", "{\"activation\": \"softmax_v2\"}", "2.10.0", "activation", "\"softmax\"")]
    [InlineData("LeakyReLU", "{\"alpha\": {\"type\": \"ndarray\", \"value\": 0.25}}", "2.0.5", "negative_slope", "0.25")]
    [InlineData("LeakyReLU", "{}", "2.15.0", "negative_slope", "0.3")]
    [InlineData("BatchNormalization", "{\"axis\": [3]}", "2.15.0", "axis", "3")]
    [InlineData("BatchNormalization", "{\"axis\": [1, 3]}", "2.15.0", "axis", "[1, 3]")]
    [InlineData("SyncBatchNormalization", "{\"axis\": [3]}", "2.15.0", "synchronized", "true")]
    [InlineData("Flatten", "{}", "2.0.5", "data_format", "\"channels_last\"")]
    [InlineData("Conv2D", "{\"padding\": \"same\"}", "2.0.5", "padding", "\"same\"")]
    [InlineData("UpSampling2D", "{\"interpolation\": \"bilinear\"}", "2.2.4", "half_pixel_centers", "false")]
    [InlineData("UpSampling2D", "{\"interpolation\": \"bilinear\"}", "2.15.0", "half_pixel_centers", null)]
    [InlineData("MultiHeadAttention", "{\"query_shape\": [null, 2, 3]}", "2.4.0", "automatic_mask", "false")]
    [InlineData("MultiHeadAttention", "{\"query_shape\": [null, 2, 3]}", "2.15.0", "query_shape", null)]
    [InlineData("Attention", "{\"causal\": true}", "2.4.0", "causal", "true")]
    [InlineData("Attention", "{\"causal\": false}", "2.4.0", "causal", null)]
    [InlineData("Dense", "{\"units\": 2, \"dtype\": {\"class_name\": \"QuantizedDTypePolicy\", \"config\": {\"mode\": \"int4\", \"source_name\": \"float32\"}}}", "3.13.0", "int4_packing", "\"rows\"")]
    [InlineData("Dense", "{\"units\": 2, \"dtype\": {\"class_name\": \"QuantizedDTypePolicy\", \"config\": {\"mode\": \"int4\", \"source_name\": \"float32\"}}}", "3.14.0", "int4_packing", null)]
    [InlineData("BatchNormalization", "{}", "2.11.0", "masked_statistics", "false")]
    [InlineData("BatchNormalization", "{}", "2.12.0", "masked_statistics", null)]
    [InlineData("SpectralNormalization", "{}", "2.15.0", "casts_to_input", "false")]
    [InlineData("SpectralNormalization", "{}", "3.0.5", "casts_to_input", null)]
    [InlineData("RandomCrop", "{}", "3.7.0", "at_inference", "\"crop_and_resize\"")]
    [InlineData("RandomCrop", "{}", "3.8.0", "at_inference", "\"identity\"")]
    [InlineData("RandomCrop", "{}", "2.15.0", "at_inference", "\"smart_resize\"")]
    [InlineData("StringLookup", "{\"output_mode\": \"count\"}", "2.15.0", "output_dtype", "\"float32\"")]
    [InlineData("StringLookup", "{\"output_mode\": \"count\"}", "3.15.1", "output_dtype", "\"int64\"")]
    [InlineData("StringLookup", "{\"output_mode\": \"int\", \"invert\": true}", "3.15.1", "output_dtype", "\"string\"")]
    [InlineData("Discretization", "{\"output_mode\": \"int\", \"dtype\": \"int64\"}", "2.15.0", "output_dtype", "\"int64\"")]
    [InlineData("Discretization", "{\"num_bins\": 3}", "2.15.0", "summary_from_increment", "true")]
    [InlineData("Discretization", "{\"num_bins\": 3}", "3.14.0", "summary_from_increment", "true")]
    [InlineData("Discretization", "{\"num_bins\": 3}", "3.15.1", "summary_from_increment", null)]
    [InlineData("Discretization", "{\"output_mode\": \"int\"}", "3.15.1", "output_dtype", "\"int32\"")]
    [InlineData("TextVectorization", "{\"output_mode\": \"tf-idf\", \"dtype\": \"string\"}", "2.4.0", "output_mode", "\"tf_idf\"")]
    [InlineData("TextVectorization", "{\"output_mode\": \"int\", \"dtype\": \"string\"}", "2.15.0", "dtype", "\"float32\"")]
    [InlineData("Normalization", "{\"axis\": []}", "2.15.0", "axis", "null")]
    [InlineData("CategoryEncoding", "{\"max_tokens\": 4}", "2.4.0", "num_tokens", "4")]
    [InlineData("Dense", "{\"dtype\": {\"class_name\": \"Policy\", \"config\": {\"name\": \"mixed_float16\"}}}", "2.15.0", "dtype", "\"mixed_float16\"")]
    [InlineData("Dense", "{\"dtype\": {\"module\": \"keras\", \"class_name\": \"DTypePolicy\", \"config\": {\"name\": \"bfloat16\"}, \"registered_name\": null}}", "3.6.0", "dtype", "\"bfloat16\"")]
    [InlineData("Dense", "{\"dtype\": {\"module\": \"keras\", \"class_name\": \"QuantizedDTypePolicy\", \"config\": {\"mode\": \"int8\", \"source_name\": \"float32\"}, \"registered_name\": null}}", "3.6.0", "dtype", "{\"class_name\": \"QuantizedDTypePolicy\", \"config\": {\"mode\": \"int8\", \"source_name\": \"float32\"}}")]
    [InlineData("Masking", "{\"mask_value\": {\"class_name\": \"__tensor__\", \"config\": {\"value\": -1.0, \"dtype\": \"float32\"}}}", "3.6.0", "mask_value", "-1.0")]
    [InlineData("Embedding", "{\"input_dim\": 5, \"input_length\": 4}", "2.15.0", "input_length", null)]
    [InlineData("Conv2DTranspose", "{\"groups\": 1}", "2.15.0", "groups", null)]
    public void A_key_has_the_meaning_of_its_version(string className, string config, string version, string key, string? value)
    {
        JToken? found = Canonical.Layer(className, config, version)["config"]![key];
        if (value is null)
        {
            Assert.Null(found);
        }
        else
        {
            Canonical.Same($"[{value}]", new JArray(Assert.IsAssignableFrom<JToken>(found)));
        }
    }

    [Theory]
    [InlineData("LSTM", "{\"output_dim\": 2}", "1.0.7", "tensorflow", null)]
    [InlineData("LSTM", "{\"output_dim\": 2}", "1.0.8", "tensorflow", "state")]
    [InlineData("GRU", "{\"units\": 2}", "2.2.4", "tensorflow", "state")]
    [InlineData("GRU", "{\"units\": 2}", "2.2.4", "theano", null)]
    [InlineData("GRU", "{\"units\": 2, \"unroll\": true}", "2.2.4", "tensorflow", null)]
    [InlineData("GRU", "{\"units\": 2}", "2.2.5", "tensorflow", null)]
    [InlineData("GRU", "{\"units\": 2}", "2.2.4-tf", "tensorflow", null)]
    [InlineData("RNN", "{\"cell\": {\"class_name\": \"GRUCell\", \"config\": {\"units\": 2}}}", "2.2.4", "tensorflow", "state")]
    [InlineData("RNN", "{\"cell\": {\"class_name\": \"StackedRNNCells\", \"config\": {\"cells\": []}}}", "2.2.4", "tensorflow", null)]
    public void Loops_of_TensorFlow_gave_the_state_at_masked_steps(string className, string config, string version, string backend, string? start) =>
        Assert.Equal(start, (string?)Canonical.Layer(className, config, version, backend)["config"]!["masked_start"]);

    [Theory]
    [InlineData("AveragePooling2D", "{\"pool_size\": [2, 2], \"padding\": \"same\"}", "{\"padding\": \"same_theano\", \"count_include_pad\": true}")]
    [InlineData("MaxPooling2D", "{\"pool_size\": [2, 2], \"padding\": \"same\"}", "{\"padding\": \"same_theano\"}")]
    [InlineData("ConvLSTM2D", "{\"filters\": 1, \"padding\": \"valid\"}", "{\"padding\": \"valid\", \"recurrent_padding\": \"same_theano\"}")]
    public void Theano_pads_in_its_own_way(string className, string config, string expected)
    {
        var found = (JObject)Canonical.Layer(className, config, "2.0.5", "theano")["config"]!;
        foreach (JProperty property in JObject.Parse(expected).Properties())
        {
            Assert.Equal(property.Value.ToString(), found[property.Name]?.ToString());
        }
    }

    /// <remarks>Keras 2.0.0 and 2.0.1 have <c>x_h = K.bias_add(x_r, self.bias_h)</c> in the branch of implementation 1; 2.0.2 has x_h.</remarks>
    [Theory]
    [InlineData("2.0.1", 1, true, true)]
    [InlineData("2.0.1", 1, false, false)]
    [InlineData("2.0.1", 2, true, false)]
    [InlineData("2.0.2", 1, true, false)]
    [InlineData(null, 1, true, false)]
    public void A_GRU_whose_gates_Keras_mixed_up_has_them_mixed_up(string? version, int implementation, bool useBias, bool isMixed)
    {
        string config = $$"""{"name": "g", "units": 2, "implementation": {{implementation}}, "use_bias": {{(useBias ? "true" : "false")}}}""";
        CanonicalModel model = Canonical.Run(Canonical.Sequential("GRU", config, version), version);
        Assert.Empty(model.Problems);
        Assert.Equal(isMixed, (Canonical.Layer(model.Root, "g")["weight_layout"] ?? new JArray()).Any(l => (string?)l == WeightLayouts.ResetForNewGru));
    }

    [Theory]
    [InlineData("2.2.4", "hidden", false)]
    [InlineData("2.15.0", "hidden", true)]
    [InlineData("3.15.1", "hidden", true)]
    public void A_Bidirectional_spells_out_both_directions(string version, string name, bool zeroes)
    {
        JObject layer = Canonical.Layer(
            "Bidirectional",
            $$$$"""{"name": "b", "merge_mode": null, "layer": {"class_name": "LSTM", "config": {"name": "{{{{name}}}}", "units": 2, "return_sequences": true, "go_backwards": false}}}""",
            version);
        Assert.Equal(JTokenType.Null, layer["config"]!["merge_mode"]!.Type);
        foreach ((string direction, bool backwards) in new[] { ("layer", false), ("backward_layer", true) })
        {
            Assert.Equal(backwards, (bool)layer["config"]![direction]!["config"]!["go_backwards"]!);
            Assert.Equal(zeroes, (bool)layer["config"]![direction]!["config"]!["zero_output_for_mask"]!);
        }
    }

    [Fact]
    public void CuDNN_layers_become_plain_ones()
    {
        JObject layer = Canonical.Layer("CuDNNGRU", """{"name": "g", "units": 3, "return_sequences": true}""", "2.2.4");
        Assert.Equal("GRU", (string?)layer["class_name"]);
        Assert.Equal(("tanh", "sigmoid", true), ((string?)layer["config"]!["activation"], (string?)layer["config"]!["recurrent_activation"], (bool)layer["config"]!["reset_after"]!));
        Canonical.Same("""["cudnn_gru"]""", layer["weight_layout"]);
    }

    [Fact]
    public void An_activation_may_be_a_layer()
    {
        JObject layer = Canonical.Layer("Activation", """{"activation": {"class_name": "LeakyReLU", "config": {"name": "l", "alpha": 0.5}}}""", "2.3.1");
        Canonical.Same("""{"class_name": "LeakyReLU", "config": {"name": "l", "negative_slope": 0.5, "dtype": "float32"}}""", layer["config"]!["activation"]);
    }

    [Theory]
    [InlineData("\"class_name\": \"Shop>Doubler\"", "Doubler", "Shop>Doubler")]
    [InlineData("\"module\": \"shop.layers\", \"class_name\": \"Doubler\", \"registered_name\": \"Shop>Doubler\"", "Doubler", "Shop>Doubler")]
    [InlineData("\"module\": null, \"class_name\": \"Dense\", \"registered_name\": \"Dense\"", "Dense", "Dense")]
    [InlineData("\"module\": \"subprocess\", \"class_name\": \"Popen\", \"registered_name\": null", "Popen", "subprocess.Popen")]
    [InlineData("\"module\": \"keras.layers\", \"class_name\": \"Dense\", \"registered_name\": null", "Dense", null)]
    public void A_class_that_is_not_Keras_own_says_so(string keys, string className, string? registered)
    {
        JObject root = Canonical.Root($$$$"""{"class_name": "Sequential", "config": {"name": "s", "layers": [{ {{{{keys}}}}, "config": {"name": "d"}}]}}""", "3.8.0");
        JObject layer = Canonical.Layer(root, "d");
        Assert.Equal((className, registered), ((string?)layer["class_name"], (string?)layer["registered_name"]));
    }

    /// <remarks>What <c>model.save("m.h5")</c> of Keras 3 writes: no module beside a layer, and these classes' own <c>get_config</c> has no trainable.</remarks>
    [Theory]
    [InlineData("SpatialDropout1D", """{"rate": 0.2, "seed": null, "name": "y", "dtype": "float32"}""", "layer")]
    [InlineData("SpatialDropout3D", """{"rate": 0.2, "seed": null, "name": "y", "dtype": "float32"}""", "layer")]
    [InlineData("Discretization", """{"bin_boundaries": [0.5], "num_bins": null, "epsilon": 0.01, "output_mode": "int", "sparse": false, "name": "y", "dtype": "int32"}""", "layer")]
    [InlineData("Cumsum", """{"axis": 1, "dtype": "float32", "name": "y"}""", "operation")]
    public void A_layer_without_trainable_is_a_layer(string className, string config, string kind)
    {
        const string Tensor = """{"class_name": "__keras_tensor__", "config": {"shape": [null, 4, 3], "dtype": "float32", "keras_history": ["x", 0, 0]}}""";
        JObject root = Canonical.Root(
            $$$$"""
            {"class_name": "Functional", "config": {"name": "m", "input_layers": [["x", 0, 0]], "output_layers": [["y", 0, 0]], "layers": [
             {"class_name": "InputLayer", "config": {"batch_shape": [null, 4, 3], "dtype": "float32", "sparse": false, "name": "x"}, "name": "x", "inbound_nodes": []},
             {"class_name": "{{{{className}}}}", "config": {{{{config}}}}, "name": "y", "inbound_nodes": [{"args": [{{{{Tensor}}}}], "kwargs": {}}]}]}}
            """,
            "3.15.1");
        Assert.Equal(kind, (string?)Canonical.Layer(root, "y")["kind"]);
    }

    [Fact]
    public void An_operation_without_module_is_told_from_the_layer_of_its_name()
    {
        const string Json = """
            {"class_name": "Functional", "config": {"name": "m", "layers": [
              {"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_shape": [null, 4]}, "inbound_nodes": []},
              {"class_name": "Reshape", "name": "layer", "config": {"name": "layer", "trainable": true, "target_shape": [2, 2]}, "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}], "kwargs": {}}]},
              {"class_name": "Reshape", "name": "op", "config": {"name": "op", "newshape": [-1, 4]}, "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["layer", 0, 0]}}], "kwargs": {"x": null}}]}],
             "input_layers": [["x", 0, 0]], "output_layers": [["op", 0, 0]]}}
            """;
        JObject root = Canonical.Root(Json, "3.15.1");
        Assert.Equal(["layer", "layer", "operation"], Canonical.Layers(root).Select(layer => (string?)layer["kind"]));
        Canonical.Same("""{"name": "op", "newshape": [-1, 4]}""", Canonical.Layer(root, "op")["config"]);
        Canonical.Same("""{"x": null}""", Canonical.Layer(root, "op")["inbound_nodes"]![0]!["kwargs"]);
    }

    [Fact]
    public void One_layer_in_two_places_shares_an_id()
    {
        const string Dense = """{"class_name": "Dense", "config": {"name": "d", "units": 2}, "shared_object_id": 140}""";
        JObject root = Canonical.Root(
            $$$$"""{"class_name": "Sequential", "config": {"name": "s", "layers": [{{{{Dense}}}}, {"class_name": "TimeDistributed", "config": {"name": "t", "layer": {{{{Dense}}}} }}, {"class_name": "Dense", "config": {"name": "e"}, "shared_object_id": 140}]}}""",
            "2.15.0");
        JObject[] layers = Canonical.Layers(root);
        Assert.Equal("shared_1", (string?)layers[0]["shared_id"]);
        Assert.Equal("shared_1", (string?)layers[1]["config"]!["layer"]!["shared_id"]);
        Assert.Null(layers[2]["shared_id"]);
    }

    [Theory]
    [InlineData("{\"class_name\": \"Sequential\", \"config\": [{\"class_name\": \"Dense\", \"config\": {\"output_dim\": 2, \"W_regularizer\": null}}]}", "Keras 1")]
    [InlineData("{\"class_name\": \"Sequential\", \"config\": [{\"class_name\": \"Dense\", \"config\": {\"units\": 2, \"kernel_initializer\": null}}]}", "Keras 2.0–2.3")]
    [InlineData("{\"class_name\": \"Sequential\", \"config\": {\"layers\": [{\"class_name\": \"LSTM\", \"config\": {\"units\": 2, \"kernel_initializer\": null, \"time_major\": false}}]}}", "tf.keras 2")]
    [InlineData("{\"class_name\": \"Sequential\", \"config\": {\"layers\": [{\"module\": \"keras.layers\", \"class_name\": \"InputLayer\", \"config\": {\"batch_shape\": [null, 2]}}]}}", "Keras 3")]
    [InlineData("{\"class_name\": \"Sequential\", \"config\": {\"layers\": []}, \"keras_version\": \"2.2.4-tf\"}", "tf.keras 2.2.4-tf")]
    public void Without_a_version_the_keys_tell_the_generation(string json, string generation) =>
        Assert.Equal(generation, Canonical.Run(json, null).Generation);

    [Fact]
    public void Models_nested_without_end_hit_a_limit()
    {
        string json = """{"class_name": "Dense", "config": {"name": "d"}}""";
        for (int i = 0; i < 20; i++)
        {
            json = $$$$"""{"class_name": "Sequential", "config": {"name": "s{{{{i}}}}", "layers": [{{{{json}}}}]}}""";
        }

        var options = new DialectOptions { KerasVersion = "3.8.0", Limits = new ReadLimits { MaxDepth = 10 } };
        Assert.Throws<ResourceLimitException>(() => Canonicalization.Run(JObject.Parse(json), options));
        Assert.Empty(Canonicalization.Run(JObject.Parse(json), options with { Limits = ReadLimits.Default }).Problems);
    }
}
