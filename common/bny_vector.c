// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: interrupt vectors (datasheet, chapter "Interrupts").
 *
 * Vector 0 is the administrative one and is requested as long as the driver is bound. The others
 * serve queue pairs and are requested while the netdev is up. Where there are fewer vectors than
 * queue pairs, pairs share them; with a single vector, all of them share vector 0.
 */
#include <linux/interrupt.h>
#include <linux/slab.h>

#include "bny_event.h"
#include "bny_vector.h"

static void bny_vector_poll(struct bny_vector *vector)
{
	struct bny_qp *qp;

	for (qp = READ_ONCE(vector->qps); qp; qp = qp->vector_next)
		napi_schedule_irqoff(&qp->napi);
}

static irqreturn_t bny_vector_admin(int irq, void *data)
{
	struct bny_vector *vector = data;

	bny_event(vector->bd, BNY_EVENT_IRQ);
	bny_vector_poll(vector);
	return IRQ_HANDLED;
}

static irqreturn_t bny_vector_queues(int irq, void *data)
{
	bny_vector_poll(data);
	return IRQ_HANDLED;
}

/**
 * bny_vector_causes_enable() - let the administrative interrupt be sent
 * @bd: the function, just reset
 */
void bny_vector_causes_enable(struct bny_dev *bd)
{
	bny_write(bd, BNY_REG_IRQ_ENABLE, BNY_IRQ_LINK | BNY_IRQ_ERROR | bd->ops->irq_causes);
}

/**
 * bny_vector_causes_disable() - undo bny_vector_causes_enable()
 * @bd: the function
 */
void bny_vector_causes_disable(struct bny_dev *bd)
{
	bny_write(bd, BNY_REG_IRQ_ENABLE, 0);
}

/**
 * bny_vector_of() - vector of a queue pair
 * @bd: the function
 * @qp: index of the queue pair
 *
 * Return: index of the vector.
 */
unsigned int bny_vector_of(struct bny_dev *bd, unsigned int qp)
{
	if (bd->num_vectors_up == 1)
		return BNY_ADMIN_VECTOR;
	return 1 + qp % (bd->num_vectors_up - 1);
}

/**
 * bny_vector_number() - Linux interrupt number of a vector
 * @bd: the function
 * @vector: index of the vector
 *
 * Return: the number.
 */
int bny_vector_number(struct bny_dev *bd, unsigned int vector)
{
	return bd->vectors[vector].irq;
}

/**
 * bny_vector_connect() - let interrupts schedule the NAPI context of a queue pair
 * @bd: the function
 * @qp: queue pair, its NAPI context enabled
 */
void bny_vector_connect(struct bny_dev *bd, struct bny_qp *qp)
{
	struct bny_vector *vector = &bd->vectors[qp->vector];

	qp->vector_next = vector->qps;
	/* The handler may walk the list as soon as it sees it */
	smp_store_release(&vector->qps, qp);
}

/**
 * bny_vectors_disconnect() - undo bny_vector_connect() for all
 * @bd: the function; no handler looks at a queue pair any more
 */
void bny_vectors_disconnect(struct bny_dev *bd)
{
	unsigned int i;

	for (i = 0; i < bd->num_vectors; i++)
		WRITE_ONCE(bd->vectors[i].qps, NULL);
	for (i = 0; i < bd->num_vectors_up; i++)
		synchronize_irq(bd->vectors[i].irq);
}

/**
 * bny_vectors_up() - request the interrupts of queue pairs
 * @bd: the function
 *
 * Can't fail: a machine that has run out of vectors makes queue pairs share them.
 *
 * Context: process, RTNL.
 */
void bny_vectors_up(struct bny_dev *bd)
{
	int node = dev_to_node(&bd->pdev->dev);
	unsigned int i, cpu;
	int err;

	for (i = 1; i < bd->num_vectors; i++) {
		struct bny_vector *vector = &bd->vectors[i];

		snprintf(vector->name, sizeof(vector->name), "%s-q%u", bd->netdev->name, i - 1);
		err = request_irq(vector->irq, bny_vector_queues, 0, vector->name, vector);
		if (err) {
			netdev_warn(bd->netdev, "only %u of %u interrupts: %pe\n", i,
				    bd->num_vectors, ERR_PTR(err));
			break;
		}
		cpu = cpumask_local_spread(i - 1, node);
		/* The kernel keeps the affinity of an interrupt that is freed */
		if (vector->spread)
			irq_update_affinity_hint(vector->irq, cpumask_of(cpu));
		else
			irq_set_affinity_and_hint(vector->irq, cpumask_of(cpu));
		vector->spread = true;
	}
	bd->num_vectors_up = i;
}

/**
 * bny_vectors_down() - undo bny_vectors_up()
 * @bd: the function
 *
 * Context: process, RTNL.
 */
void bny_vectors_down(struct bny_dev *bd)
{
	while (bd->num_vectors_up > 1) {
		struct bny_vector *vector = &bd->vectors[--bd->num_vectors_up];

		irq_update_affinity_hint(vector->irq, NULL);
		free_irq(vector->irq, vector);
	}
}

/**
 * bny_vectors_alloc() - allocate MSI-X vectors, request the administrative interrupt
 * @bd: the function
 *
 * Context: process.
 * Return: 0 or -errno.
 */
int bny_vectors_alloc(struct bny_dev *bd)
{
	unsigned int max = FIELD_GET(BNY_LIMITS_VECTORS, bny_read(bd, BNY_REG_LIMITS));
	unsigned int want = 1 + min(bd->netdev->num_tx_queues, num_online_cpus());
	struct bny_vector *admin;
	int err, num, i;

	num = pci_alloc_irq_vectors(bd->pdev, 1, min(want, max), PCI_IRQ_MSIX);
	if (num < 0) {
		dev_err(&bd->pdev->dev, "no MSI-X vector: %pe\n", ERR_PTR(num));
		return num;
	}

	err = -ENOMEM;
	bd->vectors = kzalloc_objs(*bd->vectors, num);
	if (!bd->vectors)
		goto free_vectors;
	for (i = 0; i < num; i++) {
		bd->vectors[i].bd = bd;
		bd->vectors[i].irq = pci_irq_vector(bd->pdev, i);
	}

	admin = &bd->vectors[BNY_ADMIN_VECTOR];
	snprintf(admin->name, sizeof(admin->name), "bny-admin@%s", pci_name(bd->pdev));
	err = request_irq(admin->irq, bny_vector_admin, 0, admin->name, admin);
	if (err) {
		dev_err(&bd->pdev->dev, "administrative interrupt: %pe\n", ERR_PTR(err));
		goto free_table;
	}
	bd->num_vectors = num;
	bd->num_vectors_up = 1;
	return 0;

free_table:
	kfree(bd->vectors);
free_vectors:
	pci_free_irq_vectors(bd->pdev);
	return err;
}

/**
 * bny_vectors_free() - undo bny_vectors_alloc()
 * @bd: the function, its causes disabled
 *
 * Context: process.
 */
void bny_vectors_free(struct bny_dev *bd)
{
	struct bny_vector *admin = &bd->vectors[BNY_ADMIN_VECTOR];

	free_irq(admin->irq, admin);
	kfree(bd->vectors);
	pci_free_irq_vectors(bd->pdev);
}
