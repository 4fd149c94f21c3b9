using KerasCompat.Containers;
using KerasCompat.Testing;

namespace KerasCompat.Dialects.Tests;

/// <summary>Whole files, as <c>convert inspect --stage canonical</c> shows them, against texts that a person has read.</summary>
public class GoldenTests
{
    [Theory]
    [InlineData("keras1", "1.1.2-theano-merge-first-concat.h5")]
    [InlineData("keras2", "2.0.5-tensorflow-initial-state-inputs.h5")]
    [InlineData("keras2", "2.2.4-tensorflow-cudnn-bidirectional.h5")]
    [InlineData("tfkeras2", "keras-2.15.0-masks-as-inputs.h5")]
    [InlineData("tfkeras2", "keras-2.10.0-dictionary-inputs.h5")]
    [InlineData("keras3-graphs", "mask_dies_in_ops.h5")]
    public void The_canonical_form_is_the_golden_one(string suite, string file)
    {
        using KerasFile opened = KerasFileReader.Open(Fixtures.Path(suite, file));
        string golden = Path.Combine(Path.GetDirectoryName(Fixtures.Root)!, "KerasImport.Tests", "Dialects", "Goldens", $"{suite}-{file}.json");
        Assert.Equal(File.ReadAllText(golden).ReplaceLineEndings("\n").TrimEnd(), Canonicalization.Run(opened).Root.ToString().ReplaceLineEndings("\n"));
    }
}
