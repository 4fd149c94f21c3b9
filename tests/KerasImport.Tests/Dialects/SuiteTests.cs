using KerasCompat.Containers;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects.Tests;

/// <summary>Every architecture of every suite.</summary>
public class SuiteTests
{
    /// <summary>Models of code, which no dialect can turn into a graph.</summary>
    private static readonly HashSet<string> Subclassed = ["keras__pre_pr22362_nested_container"];

    [Theory]
    [InlineData("architectures", 60)]
    [InlineData("containers", 100)]
    [InlineData("keras1", 140)]
    [InlineData("keras2", 170)]
    [InlineData("keras3-graphs", 220)]
    [InlineData("keras3-layers", 1150)]
    [InlineData("real", 30)]
    [InlineData("seeds", 20)]
    [InlineData("tfkeras2", 310)]
    [InlineData("gradients", 200)]
    public void Every_architecture_becomes_canonical(string suite, int atLeast)
    {
        int count = 0;
        var wrong = new List<string>();
        foreach (JObject line in Fixtures.Cases(suite).Where(line => (string?)line["expect"] == "same" && line["model"] is not null))
        {
            string name = (string)line["name"]!;
            using KerasFile file = Open(suite, line);
            if (file.Config is null || Subclassed.Contains(name))
            {
                continue;
            }

            count++;
            try
            {
                CanonicalModel model = Canonicalization.Run(file);
                Assert.Empty(model.Problems);
                CanonicalInvariants.Check(model.Root);
            }
            catch (Exception e)
            {
                wrong.Add($"{name}: {e.Message}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(count >= atLeast, $"{count} architectures");
    }

    /// <summary>The generation, and for Keras 1 the backend that only weight names tell, are those that the case records.</summary>
    [Theory]
    [InlineData("keras1")]
    [InlineData("keras2")]
    [InlineData("tfkeras2")]
    public void The_generation_is_the_one_that_wrote_the_file(string suite)
    {
        foreach (JObject line in Fixtures.Cases(suite).Where(line => (string?)line["expect"] == "same" && line["model"] is not null))
        {
            using KerasFile file = Open(suite, line);
            if (file.Config is null || file.KerasVersion is null || file.Weights?.Arrays.Any() != true)
            {
                continue;
            }

            string title = suite == "tfkeras2" ? "tf.keras" : "Keras";
            bool isTheano = (string?)line["backend"] == "theano";
            Assert.Equal($"{title} {file.KerasVersion}{(isTheano ? " (Theano)" : string.Empty)}", Canonicalization.Run(file).Generation);
        }
    }

    [Theory]
    [InlineData("cycle.keras", "wait for each other")]
    [InlineData("cycle_on_itself.keras", "wait for each other")]
    [InlineData("missing_layer.keras", "\"nobody\"")]
    [InlineData("missing_node.keras", "node 5 of layer \"first\"")]
    [InlineData("missing_output.keras", "\"ghost\"")]
    [InlineData("missing_input.keras", "\"ghost\"")]
    [InlineData("duplicate_layer_name.keras", "a second layer named \"second\"")]
    [InlineData("layers_not_a_list.keras", "no list")]
    [InlineData("no_layers.keras", "\"x\"")]
    [InlineData("subclassed_model.keras", "Shop>TwoTower")]
    public void What_cannot_be_a_graph_is_named(string file, string named)
    {
        using KerasFile opened = KerasFileReader.Open(Fixtures.Path("refuse", file));
        Assert.Contains(Canonicalization.Run(opened).Problems, problem => problem.ToString().Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public void A_negative_node_counts_from_the_end()
    {
        using KerasFile file = KerasFileReader.Open(Fixtures.Path("refuse", "negative_node.keras"));
        CanonicalModel model = Canonicalization.Run(file);
        Assert.Empty(model.Problems);
        CanonicalInvariants.Check(model.Root);
    }

    private static KerasFile Open(string suite, JObject line)
    {
        string model = Fixtures.Path(suite, (string)line["model"]!);
        return (string?)line["weights"] is { } weights ? KerasFileReader.Open(Fixtures.Path(suite, weights), model) : KerasFileReader.Open(model);
    }
}
