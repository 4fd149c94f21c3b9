using System.IO.Compression;
using KerasCompat.Runtime;
using KerasCompat.Testing;

namespace KerasCompat.Containers.Tests;

/// <summary>SavedModel folders that tf.keras wrote, and those of TensorFlow that hold no Keras model.</summary>
public sealed class SavedModelTests : IDisposable
{
    private const string Dense = """{"name": "d", "class_name": "Dense", "config": {"name": "d", "units": 2, "activation": "linear", "use_bias": true}}""";

    private readonly TemporaryFolder _folder = new();
    private int _folders;

    public static TheoryData<string> OfTfKeras => ["keras2-dense", "keras2-conv", "keras2-functional", "keras2-lstm"];

    [Theory]
    [MemberData(nameof(OfTfKeras))]
    public void A_folder_gives_the_config_the_versions_and_each_layers_weights(string name)
    {
        using KerasFile file = KerasFileReader.Open(Fixture(name));
        Assert.Equal(ContainerKind.SavedModel, file.Kind);
        Assert.Equal("2.15.0", file.KerasVersion);
        Assert.Equal("tensorflow", file.Backend);
        Assert.Equal("2.15.1", file.Metadata["tensorflow_version"]);
        Assert.DoesNotContain("__tuple__", file.Config!.ToString());
        using KerasModel model = KerasModel.Load(file);

        // What each weight is called in the graph that TensorFlow saved is what it was read into.
        var stored = Assert.IsType<LayerWeights>(file.Weights);
        string[] names = [.. stored.Arrays.Select(array => array.Name)];
        Assert.NotEmpty(names);
        Assert.Equal(names.Select(LastPart).Order(), model.Weights.Select(weight => LastPart(weight.Path)).Order());
        foreach (StoredLayer layer in stored.Layers)
        {
            Assert.Equal(layer.Arrays.Select(array => array.Read().Bytes.ToArray()), model.Layers[layer.Name].GetWeights().Select(weight => weight.Bytes.ToArray()));
        }
    }

    [Theory]
    [InlineData("", CompressionLevel.NoCompression)]
    [InlineData("", CompressionLevel.Fastest)]
    [InlineData("model/", CompressionLevel.Fastest)]
    [InlineData("export/model/", CompressionLevel.NoCompression)]
    public void A_folder_may_be_zipped(string within, CompressionLevel level)
    {
        using KerasModel whole = KerasModel.Load(Fixture("keras2-lstm"));
        using KerasModel zipped = KerasModel.Load(Zipped(level, (within, Fixture("keras2-lstm"))), "model.zip");
        Assert.Equal(whole.GetWeights().Select(w => w.Bytes.ToArray()), zipped.GetWeights().Select(w => w.Bytes.ToArray()));
    }

    [Fact]
    public void Two_folders_in_one_archive_are_named()
    {
        using MemoryStream zip = Zipped(CompressionLevel.Fastest, ("a/", Fixture("keras2-lstm")), ("b/", Fixture("keras2-dense")));
        Assert.Contains("2 SavedModels: a/, b/", Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(zip, "model.zip")).Message);
    }

    [Theory]
    [InlineData("saved_model.pb")]
    [InlineData("keras_metadata.pb")]
    public void A_file_of_the_folder_stands_for_it(string part)
    {
        using KerasModel model = KerasModel.Load(Path.Combine(Fixture("keras2-dense"), part));
        Assert.Equal(2, model.Layers.Count);
    }

    [Theory]
    [InlineData("variables/variables.index", "an architecture without weights: variables/variables.index is missing")]
    [InlineData("variables/variables.data-00000-of-00001", "no file variables/variables.data-00000-of-00001")]
    [InlineData("keras_metadata.pb", "a SavedModel of TensorFlow 2.15.1 of a Keras model without keras_metadata.pb")]
    [InlineData("saved_model.pb", "an architecture without weights: saved_model.pb is missing")]
    public void A_part_that_is_missing_is_named(string part, string text)
    {
        string folder = Copy("keras2-dense");
        File.Delete(Path.Combine(folder, part));
        Assert.Contains(text, Assert.Throws<ModelFormatException>(() => KerasModel.Load(folder)).Message);
    }

    [Theory]
    [InlineData("variables")]
    [InlineData("saved_model.pb")]
    public void Without_weights_it_is_an_architecture(string part)
    {
        string folder = Copy("keras2-dense");
        if (part == "variables")
        {
            Directory.Delete(Path.Combine(folder, part), recursive: true);
        }
        else
        {
            File.Delete(Path.Combine(folder, part));
        }

        using KerasFile file = KerasFileReader.Open(folder);
        Assert.Null(file.Weights);
        using KerasModel model = KerasModel.LoadArchitecture(file);
        Assert.Equal(["dense_1", "dense_2"], model.Layers.Select(layer => layer.Name));
    }

    [Theory]
    [InlineData("saved_model.pb")]
    [InlineData("variables/variables.index")]
    [InlineData("variables/variables.data-00000-of-00001")]
    public void A_pointer_of_Git_LFS_is_named(string part)
    {
        string folder = Copy("keras2-dense");
        File.WriteAllText(Path.Combine(folder, part), "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n");
        string message = Assert.Throws<ModelFormatException>(() => KerasModel.Load(folder)).Message;
        Assert.Contains($"{part}: found a Git LFS pointer", message);
    }

    [Theory]
    [InlineData("bidirectional_gru_masked")]
    [InlineData("mlp_two_inputs_two_outputs")]
    [InlineData("nested_functional_twice")]
    [InlineData("residual_cnn")]
    [InlineData("text_lstm")]
    [InlineData("transformer_block")]
    public void What_export_wrote_is_named(string name)
    {
        string message = Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(Fixture(name))).Message;
        Assert.Contains($"{name}: found a SavedModel of TensorFlow 2.21.0 that Keras's model.export() wrote: a TensorFlow graph for serving, without the Keras config; expected", message);
        Assert.EndsWith("save the Keras model itself: model.save(\"model.keras\")", message);
    }

    [Fact]
    public void What_holds_no_model_is_named()
    {
        var module = new SavedModelBuilder();
        module.Add();
        Assert.Contains("a SavedModel of TensorFlow 2.9.1 that holds no Keras model: a TensorFlow graph", Refusal(module));

        var ofKeras3 = new SavedModelBuilder { TensorFlowVersion = "2.16.2" };
        ofKeras3.Hold(ofKeras3.Add(), "_operations", ofKeras3.Add());
        Assert.Contains("that tf.saved_model.save() wrote of a model of Keras 3", Refusal(ofKeras3));

        var holder = new SavedModelBuilder();
        holder.Hold(holder.Add(), "model", holder.Add("_tf_keras_sequential"));
        Assert.Contains("an object of the author's that holds a Keras model", Refusal(holder));

        var empty = new SavedModelBuilder { TensorFlowVersion = "1.15.0" };
        Assert.Contains("without objects, as TensorFlow 1 wrote it", Refusal(empty));

        // Nor do Keras's metadata beside it help.
        string folder = Copy("keras2-dense");
        File.Copy(Path.Combine(empty.Write(NewFolder()), "saved_model.pb"), Path.Combine(folder, "saved_model.pb"), overwrite: true);
        Assert.Contains("without objects", Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(folder)).Message);
    }

    [Theory]
    [InlineData("""{"name": "m", "class_name": "MyModel"}""")]
    [InlineData("""{"name": "m", "class_name": "MyModel", "config": {"layer was saved without config": true}}""")]
    [InlineData("""{"name": "m", "class_name": "MyModel", "config": {"units": 3}, "is_graph_network": false}""")]
    public void A_model_of_the_authors_own_class_is_refused(string metadata)
    {
        var builder = new SavedModelBuilder();
        builder.Layer(metadata, "_tf_keras_model");
        Problem problem = Assert.Single(Assert.Throws<UnsupportedModelException>(() => KerasFileReader.Open(builder.Write(NewFolder()))).Problems);
        Assert.Contains("a model of the author's own class, MyModel", problem.Found);
    }

    [Theory]
    [InlineData("2.0.0", true, true)]
    [InlineData("2.4.1", true, false)]
    [InlineData("2.5.0", false, true)]
    public void Weights_go_to_the_layer_and_in_the_order_that_the_objects_say(string version, bool isBefore25, bool hasLists)
    {
        // The layers stand in another order than their variables, the lists in another than the layer's attributes.
        var builder = new SavedModelBuilder { TensorFlowVersion = version, IsBefore25 = isBefore25 };
        (int model, int[] layers) = Sequential(builder, "a", "b");
        int biasOfB = builder.Variable("b/bias", Tensor.From([8f, 9f], 2)), kernelOfB = builder.Variable("b/kernel", Tensor.From([4f, 5f, 6f, 7f], 2, 2));
        int kernelOfA = builder.Variable("a/kernel", Tensor.From([0f, 1f, 2f, 3f], 2, 2)), biasOfA = builder.Variable("a/bias", Tensor.From([10f, 11f], 2));
        builder.Hold(layers[0], "kernel", kernelOfA).Hold(layers[0], "bias", biasOfA).Hold(layers[1], "kernel", kernelOfB);
        if (hasLists)
        {
            builder.Hold(layers[1], "bias", biasOfB).List(layers[0], [kernelOfA, biasOfA], []).List(layers[1], [kernelOfB, biasOfB], []).List(model, [kernelOfA, biasOfA, kernelOfB, biasOfB], []);
        }
        else
        {
            builder.Hold(layers[1], "bias", biasOfB);
        }

        using KerasModel loaded = KerasModel.Load(builder.Write(NewFolder()));
        Assert.Equal([[0f, 1f, 2f, 3f], [10f, 11f]], loaded.Layers["a"].GetWeights().Select(w => w.As<float>().ToArray()));
        Assert.Equal([[4f, 5f, 6f, 7f], [8f, 9f]], loaded.Layers["b"].GetWeights().Select(w => w.As<float>().ToArray()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_frozen_layers_weights_are_found(bool hasLists)
    {
        var builder = new SavedModelBuilder();
        int model = builder.Layer(Model("""{"class_name": "BatchNormalization", "config": {"name": "n", "trainable": false, "axis": [1], "epsilon": 0.001, "center": true, "scale": true}}"""), "_tf_keras_sequential");
        int layer = builder.Layer("""{"name": "n", "class_name": "BatchNormalization", "trainable": false}""");
        builder.Hold(model, "layer-0", layer);
        int[] variables = [.. new[] { "gamma", "beta", "moving_mean", "moving_variance" }.Select((name, i) => builder.Variable($"n/{name}", Tensor.From([i, i + 0.5f], 2), trainable: i < 2))];

        // Without lists, attributes alone tell the order: trainable ones first, in which order they came.
        foreach ((string name, int i) in new[] { ("moving_mean", 2), ("gamma", 0), ("moving_variance", 3), ("beta", 1) })
        {
            builder.Hold(layer, name, variables[i]);
        }

        if (hasLists)
        {
            builder.List(layer, [], variables).List(model, [], variables);
        }

        using KerasModel loaded = KerasModel.Load(builder.Write(NewFolder()));
        Assert.Equal([0f, 1f, 2f, 3f], loaded.Layers["n"].GetWeights().Select(w => w.As<float>().ToArray()[0]));
    }

    [Fact]
    public void A_layer_made_anew_from_its_config_finds_its_weights_and_its_shape()
    {
        // Normalization has no lists of its own, and the model leaves open how wide its input is: so tf.keras saves what was adapted.
        var builder = new SavedModelBuilder();
        int model = builder.Layer(Model("""{"class_name": "Normalization", "config": {"name": "n", "axis": {"class_name": "__tuple__", "items": [-1]}, "mean": null, "variance": null}}""", input: "null"), "_tf_keras_sequential");
        int layer = builder.Layer("""{"name": "n", "class_name": "Normalization", "must_restore_from_config": true, "build_input_shape": {"class_name": "TensorShape", "items": [null, 2]}}""");
        builder.Hold(model, "layer-0", layer);
        int other = builder.Variable("n/random", Tensor.From([0L, 0L], 2), trainable: false);
        int count = builder.Variable("count", Tensor.From([3L], []), trainable: false);
        int mean = builder.Variable("mean", Tensor.From([1f, 2f], 2), trainable: false), variance = builder.Variable("variance", Tensor.From([4f, 9f], 2), trainable: false);
        builder.Hold(layer, "count", count).Hold(layer, "adapt_variance", variance).Hold(layer, "adapt_mean", mean).Hold(layer, "state", other).List(model, [], [mean, variance, count]);
        using KerasModel loaded = KerasModel.Load(builder.Write(NewFolder()));
        Assert.Equal([0f, 1f], loaded.Predict(Tensor.From([1f, 5f], 1, 2)).As<float>().ToArray());
    }

    [Theory]
    [InlineData("StringLookup", "lookup_table")]
    [InlineData("StringLookup", "_table")]
    [InlineData("TextVectorization", "lookup_table")]
    public void A_vocabulary_that_was_learnt_is_found(string className, string table)
    {
        // The table's keys stand in an order of their own: what comes first in the vocabulary has the least index, behind the mask and the unknown token.
        SavedModelBuilder builder = Lookup(className, table, 7, [.. TensorFlowBytes.Utf8(8, "w"), .. TensorFlowBytes.Utf8(8, "b")], TensorFlowBytes.Bytes(10, [3, 2]));
        using KerasModel loaded = KerasModel.Load(builder.Write(NewFolder()));
        Assert.Equal([2L, 1L, 3L], loaded.Predict(Tensor.From(["b", "x", "w"], 3, 1)).Cast(DType.Int64).As<long>().ToArray());
    }

    [Fact]
    public void A_vocabulary_of_integers_is_found()
    {
        SavedModelBuilder builder = Lookup("IntegerLookup", "lookup_table", 9, TensorFlowBytes.Bytes(4, [.. BitConverter.GetBytes(70L), .. BitConverter.GetBytes(-5L)]), [.. TensorFlowBytes.Number(10, 2), .. TensorFlowBytes.Number(10, 1)]);
        using KerasModel loaded = KerasModel.Load(builder.Write(NewFolder()));
        Assert.Equal([1L, 0L, 2L], loaded.Predict(Tensor.From([-5L, 4L, 70L], 3, 1)).As<long>().ToArray());
    }

    [Fact]
    public void A_vocabulary_that_lies_elsewhere_is_missing()
    {
        Assert.Contains("no vocabulary", LoadRefusal(Lookup("StringLookup", "other", 7, TensorFlowBytes.Utf8(8, "w"), TensorFlowBytes.Number(10, 2))));
        Assert.Contains("no vocabulary", LoadRefusal(Lookup("StringLookup", "_table", 7, [.. TensorFlowBytes.Utf8(8, "w"), .. TensorFlowBytes.Utf8(8, "b")], TensorFlowBytes.Bytes(10, [2, 4])))); // indices with a hole
        Assert.Contains("no vocabulary", LoadRefusal(Lookup("StringLookup", "_table", 7, [.. TensorFlowBytes.Utf8(8, "w"), .. TensorFlowBytes.Utf8(8, "b")], TensorFlowBytes.Bytes(10, [1])))); // fewer than said
    }

    [Fact]
    public void Models_of_layers_may_be_of_a_class_of_the_authors()
    {
        var builder = new SavedModelBuilder();
        string inner = $$$"""{"class_name": "MyInner", "config": {"name": "inner", "layers": [{"class_name": "InputLayer", "config": {"name": "i", "batch_input_shape": [null, 2], "dtype": "float32"}}, {{{Dense}}}]}}""";
        int model = builder.Layer(Model(inner).Replace("\"Sequential\"", "\"MyModel\"", StringComparison.Ordinal), "_tf_keras_sequential");
        int middle = builder.Layer("""{"name": "inner", "class_name": "MyInner", "is_graph_network": true}""", "_tf_keras_sequential"), dense = builder.Layer(Dense);
        builder.Hold(model, "layer-0", middle).Hold(middle, "layer-0", dense);
        builder.Hold(dense, "kernel", builder.Variable("d/kernel", Tensor.From([1f, 2f, 3f, 4f], 2, 2))).Hold(dense, "bias", builder.Variable("d/bias", Tensor.From([0.5f, 0.25f], 2)));
        using KerasModel loaded = KerasModel.Load(builder.Write(NewFolder()));
        Assert.Equal([4.5f, 6.25f], loaded.Predict(Tensor.From([1f, 1f], 1, 2)).As<float>().ToArray());
    }

    [Theory]
    [InlineData(1, 1000, false)]
    [InlineData(3, 2, false)]
    [InlineData(2, 3, true)]
    public void Tensors_of_all_types_are_read_from_all_shards_and_blocks(int shards, int entriesOfBlock, bool isPacked)
    {
        Tensor[] values =
        [
            Tensor.From([1.5f, -2f], 2), Tensor.From([1.5, -2.0], 2), Tensor.From([(Half)1.5], 1), Tensor.From([(BFloat16)1.5f], 1), Tensor.From([1, -2], 2), Tensor.From([1L, -2L], 1, 2),
            Tensor.From([true, false], 2), Tensor.From([2f], []),
        ];
        var builder = new SavedModelBuilder { Shards = shards, EntriesOfBlock = entriesOfBlock, IsPacked = isPacked };
        (int model, int[] layers) = Sequential(builder, "a");
        int[] variables = [.. values.Select((value, i) => builder.Variable($"v{i}", value))];
        builder.List(layers[0], variables, []).List(model, variables, []);
        using KerasFile file = KerasFileReader.Open(builder.Write(NewFolder()));
        Tensor[] read = [.. file.Weights!.Arrays.Select(array => array.Read())];
        Assert.Equal(values.Select(v => (v.DType, v.Shape)), read.Select(v => (v.DType, v.Shape)));
        Assert.Equal(values.Select(v => v.Bytes.ToArray()), read.Select(v => v.Bytes.ToArray()));
    }

    [Fact]
    public void Tensors_that_cannot_be_read_are_named()
    {
        Assert.Contains("a variable in slices", Refusal(OneVariable((key, entry) => [.. entry, .. TensorFlowBytes.Bytes(7, [])])));
        Assert.Contains("TensorFlow's type complex64", Refusal(OneVariable((key, entry) => [.. entry, .. TensorFlowBytes.Number(1, 8)])));
        Assert.Contains("begin with their highest byte", Refusal(OneVariable((key, entry) => entry, (key, entry) => [.. entry, .. TensorFlowBytes.Number(2, 1)])));
        Assert.Contains("8 bytes for float32 (3,); expected 12", Refusal(OneVariable((key, entry) => [.. entry, .. Shape(3)])));
        Assert.Contains("sizes of 0 or more", Refusal(OneVariable((key, entry) => [.. entry, .. Shape(-3)])));
        Assert.Contains("in variables/variables.data-00000-of-00001", Refusal(OneVariable((key, entry) => [.. entry, .. TensorFlowBytes.Number(4, 1 << 20)])));
        Assert.Contains("no file variables/variables.data-00007-of-00001", Refusal(OneVariable((key, entry) => [.. entry, .. TensorFlowBytes.Number(3, 7)])));
        Assert.Contains("as saved_model.pb has it", Refusal(OneVariable((key, entry) => [.. entry, .. TensorFlowBytes.Number(1, 3)])));
        SavedModelBuilder wrongChecksum = OneVariable((key, entry) => [.. entry, (6 << 3) | 5, 1, 2, 3, 4]);
        using KerasFile file = KerasFileReader.Open(wrongChecksum.Write(NewFolder()));
        Assert.Contains("bytes of checksum", Assert.Throws<ModelFormatException>(() => file.Weights!.Arrays.Single().Read()).Message);
    }

    [Fact]
    public void Weights_that_no_layer_asks_for_are_an_error()
    {
        var builder = new SavedModelBuilder();
        (int model, int[] layers) = Sequential(builder, "a");
        int flatten = builder.Layer("""{"name": "other", "class_name": "Dense"}""");
        builder.Hold(model, "layer-1", flatten);
        int[] variables = [builder.Variable("a/kernel", Tensor.From([1f, 2f, 3f, 4f], 2, 2)), builder.Variable("a/bias", Tensor.From([1f, 2f], 2))];
        int stray = builder.Variable("other/stray", Tensor.From([1f, 2f], 2));
        builder.List(layers[0], variables, []).List(flatten, [stray], []);
        Assert.Contains("weights that no layer asks for: other/stray:0", Assert.Throws<ModelFormatException>(() => KerasModel.Load(builder.Write(NewFolder()))).Message);
    }

    [Fact]
    public void Objects_that_hold_each_other_end()
    {
        var builder = new SavedModelBuilder();
        (int model, int[] layers) = Sequential(builder, "a");
        builder.Hold(layers[0], "up", model).Hold(layers[0], "self", layers[0]);
        int list = builder.Add("trackable_list_wrapper");
        builder.Hold(layers[0], "list", list).Hold(list, "0", list).Hold(list, "1", layers[0]);
        builder.Hold(list, "2", builder.Variable("a/kernel", Tensor.From([1f, 2f, 3f, 4f], 2, 2))).Hold(list, "3", builder.Variable("a/bias", Tensor.From([1f, 2f], 2)));
        using KerasModel loaded = KerasModel.Load(builder.Write(NewFolder()));
        Assert.Equal([[1f, 2f, 3f, 4f], [1f, 2f]], loaded.GetWeights().Select(w => w.As<float>().ToArray()));

        builder.Hold(list, "4", 77);
        Assert.Contains("a reference \"4\" to object 77", Refusal(builder));
    }

    [Fact]
    public void Limits_are_asked()
    {
        string folder = Fixture("keras2-lstm");
        Assert.Throws<ResourceLimitException>(() => KerasFileReader.Open(folder, new ReadLimits { MaxObjects = 10 }));
        Assert.Throws<ResourceLimitException>(() => KerasFileReader.Open(folder, new ReadLimits { MaxTextBytes = 1000 }));
        Assert.Throws<ResourceLimitException>(() => KerasFileReader.Open(folder, new ReadLimits { MaxMetadataBytes = 1000 }));
        Assert.Throws<ResourceLimitException>(() => KerasFileReader.Open(folder, new ReadLimits { MaxArrayBytes = 100 }));
        Assert.Throws<ResourceLimitException>(() => KerasFileReader.Open(folder, new ReadLimits { MaxTotalBytes = 1000 }));
        Assert.Throws<OperationCanceledException>(() => KerasFileReader.Open(folder, new ReadLimits { CancellationToken = new CancellationToken(canceled: true) }));
    }

    public void Dispose() => _folder.Dispose();

    private static SavedModelBuilder OneVariable(Func<string, byte[], byte[]> change, Func<string, byte[], byte[]>? changeHeader = null)
    {
        var builder = new SavedModelBuilder { Entry = (key, entry) => key.StartsWith("object", StringComparison.Ordinal) ? change(key, entry) : key.Length == 0 && changeHeader is not null ? changeHeader(key, entry) : entry };
        (int model, int[] layers) = Sequential(builder, "a");
        int variable = builder.Variable("a/kernel", Tensor.From([1f, 2f], 2));
        builder.List(layers[0], [variable], []).List(model, [variable], []);
        return builder;
    }

    /// <summary>A field of a shape; of fields of one number in a proto the last one counts, of a message here the last one too.</summary>
    private static byte[] Shape(long size) => TensorFlowBytes.Bytes(2, TensorFlowBytes.Bytes(2, TensorFlowBytes.Number(1, size)));

    /// <summary>A Sequential of Dense layers of two units over two numbers.</summary>
    private static (int Model, int[] Layers) Sequential(SavedModelBuilder builder, params string[] names)
    {
        int model = builder.Layer(Model(string.Join(", ", names.Select(name => Dense.Replace("\"d\"", $"\"{name}\"", StringComparison.Ordinal)))), "_tf_keras_sequential");
        int[] layers = [.. names.Select(name => builder.Layer(Dense.Replace("\"d\"", $"\"{name}\"", StringComparison.Ordinal)))];
        for (int i = layers.Length - 1; i >= 0; i--)
        {
            builder.Hold(model, $"layer_with_weights-{i}", layers[i]).Hold(model, $"layer-{i}", layers[i]);
        }

        return (model, layers);
    }

    private static string Model(string layers, string input = "2") => $$$"""
        {"name": "m", "class_name": "Sequential", "is_graph_network": true, "keras_version": "2.9.0", "backend": "tensorflow", "config": {"name": "m", "layers": [
          {"class_name": "InputLayer", "config": {"name": "i", "batch_input_shape": {"class_name": "__tuple__", "items": [null, {{{input}}}]}, "dtype": "float32"}}, {{{layers}}}]}}
        """;

    /// <summary>A model of one lookup layer with a table of two tokens, filled from two constants of the graph.</summary>
    private static SavedModelBuilder Lookup(string className, string tableName, int type, byte[] tokens, byte[] indices)
    {
        var builder = new SavedModelBuilder();
        string config = className switch
        {
            "TextVectorization" => "\"max_tokens\": 4, \"standardize\": null, \"split\": null, \"output_mode\": \"int\"",
            "IntegerLookup" => "\"num_oov_indices\": 1, \"oov_token\": -1, \"mask_token\": null, \"output_mode\": \"int\"",
            _ => "\"num_oov_indices\": 1, \"oov_token\": \"[UNK]\", \"mask_token\": \"\", \"output_mode\": \"int\"",
        };
        string dtype = className == "IntegerLookup" ? "int64" : "string";
        string layer = $$$"""{"class_name": "{{{className}}}", "config": {"name": "l", "dtype": "{{{dtype}}}", "vocabulary": null, {{{config}}}}}""";
        int model = builder.Layer(Model(layer, input: "1").Replace("float32", dtype, StringComparison.Ordinal), "_tf_keras_sequential");
        int outer = builder.Layer($$"""{"name": "l", "class_name": "{{className}}", "must_restore_from_config": true}"""), lookup = outer;
        builder.Hold(model, "layer-0", outer);
        if (className == "TextVectorization")
        {
            builder.Hold(outer, "_lookup_layer", lookup = builder.Layer("""{"name": "string_lookup", "class_name": "StringLookup"}"""));
        }

        int table = builder.Add(), keys = builder.Constant("Const_4", type, 2, tokens), values = builder.Constant("Const_5", 9, 2, indices);
        builder.Hold(lookup, tableName, table).Hold(table, "_initialize", builder.Function("__inference__initializer_1", table, keys, values));
        return builder;
    }

    private string LoadRefusal(SavedModelBuilder builder)
    {
        string folder = builder.Write(NewFolder());
        return Assert.Throws<ModelFormatException>(() => KerasModel.Load(folder)).Message;
    }

    private string Refusal(SavedModelBuilder builder)
    {
        string folder = builder.Write(NewFolder());
        return Assert.ThrowsAny<KerasCompatException>(() => KerasFileReader.Open(folder)).Message;
    }

    private string NewFolder() => Directory.CreateDirectory(_folder.File($"{_folders++}")).FullName;

    private static string LastPart(string path) => path.Split('/')[^1].Split(':')[0];

    private static string Fixture(string name) => Path.Combine(Fixtures.Root, "savedmodel", name);

    private string Copy(string name)
    {
        string folder = NewFolder(), from = Fixture(name);
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(folder, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        return folder;
    }

    private static MemoryStream Zipped(CompressionLevel level, params (string Within, string Folder)[] folders)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string within, string folder) in folders)
            {
                foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
                {
                    using Stream entry = zip.CreateEntry(within + Path.GetRelativePath(folder, file).Replace('\\', '/'), level).Open();
                    entry.Write(File.ReadAllBytes(file));
                }
            }
        }

        stream.Position = 0;
        return stream;
    }
}
