using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers.Tests;

/// <summary>Files that must not load: those that the container can tell by itself, with what the error must name.</summary>
public class RefusalTests
{
    public static TheoryData<string, string> Named => new()
    {
        { "config_is_a_list", "config.json: found a list; expected a JSON object" },
        { "config_is_null", "config.json: found null; expected a JSON object" },
        { "config_empty_object", "config.json: found an object without class_name" },
        { "config_no_class_name", "config.json: found an object without class_name" },
        { "config_truncated_json", "config.json: found JSON that is cut short" },
        { "config_trailing_text", "config.json: found text after the JSON" },
        { "config_not_utf8", "config.json: found bytes that are not UTF-8" },
        { "json_deep_objects", "nested deeper than 256 levels" },
        { "json_deep_lists", "nested deeper than 256 levels" },
        { "weights_not_hdf5", "model.weights.h5: found a file that is not HDF5" },
        { "weights_empty_member", "model.weights.h5: found an empty file" },
        { "weights_npz_pickle", "model.weights.npz: found weights as pickled Python objects" },
        { "weight_text", "vars/0: found text; expected an array of real numbers" },
        { "weight_compound", "vars/1: found elements of type compound of 2 members" },
        { "weight_complex", "vars/1: found complex numbers" },
        { "weight_huge", "vars/0: found an array of shape (1048576, 4194304)" },
        { "weight_link_to_itself", "model.weights.h5:/layers/dense/vars/0" },
        { "weight_external_link", "in another file" },
        { "zip_cut_1", "cut short" },
        { "zip_cut_10", "cut short" },
        { "zip_cut_30", "cut short" },
        { "zip_cut_300", "cut short" },
        { "zip_cut_7781", "cut short" },
        { "zip_cut_15533", "cut short" },
        { "zip_cut_15562", "cut short" },
        { "h5_cut_1", "cut short" },
        { "empty_file", "an empty file" },
        { "empty_file_h5", "an empty file" },
        { "text_file", "neither zip nor HDF5: \"This is not a model.\"" },
        { "text_file_h5", "neither zip nor HDF5" },
        { "html_page", "an HTML page" },
        { "git_lfs_pointer", "a Git LFS pointer" },
        { "pickle", "a pickle" },
        { "pytorch_zip", "a PyTorch file (archive/data.pkl)" },
        { "onnx", "an ONNX file" },
        { "png", "a PNG image" },
        { "npz", "a NumPy .npz" },
        { "docx_like_zip", "config.json is missing" },
        { "empty_zip", "config.json is missing" },
        { "no_config", "config.json is missing" },
        { "no_weights", "no model.weights.h5" },
        { "config_in_folder", "config.json lies in a folder (model/config.json)" },
        { "config_twice", "config.json: found two members of this name" },
        { "weights_twice", "model.weights.h5: found two members of this name" },
        { "zip_slip", "leads out of the archive" },
        { "zip_symlink", "a symbolic link" },
        { "zip_bad_crc", "config.json: found bytes whose checksum" },
        { "zip_encrypted", "encrypted" },
        { "zip_unknown_method", "method 93 (Zstandard)" },
        { "zip_size_lie", "config.json: found 1073741824 bytes; expected at most 67108864" },
        { "zip_directory_beyond_end", "beyond the end of the file" },
        { "zip_bomb_config", "config.json: found 157286400 bytes; expected at most" },
        { "zip_bomb_weights", "model.weights.h5: found a file that is not HDF5" },
        { "quine_like_nested_zip", "config.json: found" },
        { "h5_superblock_99", "99" },
        { "h5_offsets_wrong", "3" },
        { "h5_root_beyond_end", "h5_root_beyond_end.h5" },
        { "h5_root_null", "h5_root_null.h5" },
        { "h5_model_config_not_json", "model_config: found text that is not JSON" },
        { "h5_model_config_number", "model_config: found" },
        { "h5_no_layer_names", "no attribute layer_names" },
        { "h5_no_model_weights", "no group model_weights" },
        { "h5_layer_names_point_nowhere", "no group of layer \"ghost\"" },
        { "h5_weight_dataset_missing", "plain/first/nothing" },
    };

    /// <summary>Cut HDF5 files: the reader says where; what was cut off may be data, which is asked for only later.</summary>
    public static TheoryData<string> Cut => [..
        Fixtures.Cases("refuse").Select(c => (string)c["name"]!).Where(name => name.Contains("h5_cut", StringComparison.Ordinal) || name.StartsWith("weight_external_storage", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Named))]
    public void Names_what_is_wrong(string name, string text)
    {
        KerasCompatException error = Assert.ThrowsAny<KerasCompatException>(() => ReadCase(name));
        Assert.Contains(text, error.Message);
        Assert.StartsWith(name, error.Message);
    }

    [Theory]
    [MemberData(nameof(Cut))]
    public void Refuses_when_the_weights_are_read(string name) => Assert.ThrowsAny<KerasCompatException>(() => ReadCase(name));

    [Fact]
    public void A_case_opens_or_is_refused_with_our_exceptions_and_those_that_may_load_do_either()
    {
        int refused = 0, opened = 0;
        foreach (JObject c in Fixtures.Cases("refuse"))
        {
            try
            {
                ReadEverything((string)c["model"]!);
                opened++;
            }
            catch (KerasCompatException)
            {
                Assert.Equal("refuse", (string)c["expect"]!);
                refused++;
            }
        }

        // The others are refused by what reads configs and builds layers.
        Assert.InRange(refused, Named.Count(), 166);
        Assert.True(opened > 60, $"only {opened} opened");
    }

    [Theory]
    [InlineData("keras__vlen_string_dset.h5", "its root holds DS1")]
    [InlineData("keras__vlen_string_s390x.h5", "its root holds DSBEfloat")]
    public void Hdf5_of_others_is_no_model(string file, string text)
    {
        var error = Assert.Throws<ModelFormatException>(() => KerasFileReader.Open(Fixtures.Path("real", file)));
        Assert.Contains(text, error.Message);
    }

    [Fact]
    public void Weights_alone_say_what_is_missing()
    {
        using KerasFile file = KerasFileReader.Open(Fixtures.Path("refuse", "h5_no_model_config.h5"));
        Assert.Null(file.Config);
        string text = MissingArchitecture.Of(file).Message;
        Assert.StartsWith("h5_no_model_config.h5: found weights only: 4 arrays of 2 layers", text);
        Assert.Contains("h5_no_model_config.json", text);
    }

    private static void ReadCase(string name) =>
        ReadEverything((string)Fixtures.Cases("refuse").Single(c => (string)c["name"]! == name)["model"]!);

    private static void ReadEverything(string model)
    {
        using KerasFile file = KerasFileReader.Open(Fixtures.Path("refuse", model));
        foreach (StoredArray array in file.Weights?.Arrays ?? [])
        {
            array.Read();
        }
    }
}
