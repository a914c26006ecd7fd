// SPDX-License-Identifier: GPL-2.0-only
/*
 * Banyan drivers: interrupts (datasheet, chapter "Interrupts").
 *
 * Vector 0 is the administrative one and is requested as long as the driver is bound. The others
 * serve queue pairs and are requested while the netdev is up. Where there are fewer vectors than
 * queue pairs, pairs share them; with a single vector, all of them share vector 0.
 */
#include <linux/interrupt.h>
#include <linux/module.h>

#include "bny_core.h"

/* Rounds that the administrative work makes before it lets others run */
#define BNY_ADMIN_ROUNDS	16

/* Of the administrative works alone: what waits for them under a lock must not be in their way */
static struct workqueue_struct *bny_admin_wq;

static void bny_vector_poll(struct bny_vector *vector)
{
	struct bny_qp *qp;

	for (qp = READ_ONCE(vector->qps); qp; qp = qp->vector_next)
		napi_schedule_irqoff(&qp->napi);
}

static irqreturn_t bny_irq_admin(int irq, void *data)
{
	struct bny_vector *vector = data;

	queue_work(bny_admin_wq, &vector->bd->admin_work);
	bny_vector_poll(vector);
	return IRQ_HANDLED;
}

static irqreturn_t bny_irq_queues(int irq, void *data)
{
	bny_vector_poll(data);
	return IRQ_HANDLED;
}

static void bny_link_update(struct bny_dev *bd)
{
	struct net_device *netdev = bd->netdev;
	u32 link = bny_read(bd, BNY_REG_LINK);
	u32 speed = 0;

	if (!READ_ONCE(bd->regs))
		return;
	if (link & BNY_LINK_UP)
		speed = FIELD_GET(BNY_LINK_SPEED, link);

	WRITE_ONCE(bd->link_speed, speed);
	if (speed == 0 && netif_carrier_ok(netdev)) {
		netif_carrier_off(netdev);
		netdev_info(netdev, "link down\n");
	} else if (speed && !netif_carrier_ok(netdev)) {
		netif_carrier_on(netdev);
		netdev_info(netdev, "link up, %u Mb/s\n", speed);
	}
}

/**
 * bny_link_check() - look at the link soon
 * @bd: the function
 *
 * Context: any. Only the administrative work changes the carrier, so that the last word is right.
 */
void bny_link_check(struct bny_dev *bd)
{
	set_bit(BNY_FLAG_LINK, bd->flags);
	queue_work(bny_admin_wq, &bd->admin_work);
}

static void bny_admin_handle(struct bny_dev *bd, u32 causes)
{
	if (causes & BNY_IRQ_LINK)
		set_bit(BNY_FLAG_LINK, bd->flags);
	if (causes & BNY_IRQ_ERROR)
		bny_error_report(bd);
	if (causes & bd->ops->irq_causes)
		bd->ops->admin_irq(bd, causes & bd->ops->irq_causes);
}

static void bny_admin_work(struct work_struct *work)
{
	struct bny_dev *bd = container_of(work, struct bny_dev, admin_work);
	unsigned int rounds;
	u32 causes;

	/* A message is sent only when no cause was latched before: leave none behind */
	for (rounds = 0; rounds < BNY_ADMIN_ROUNDS; rounds++) {
		causes = bny_read(bd, BNY_REG_IRQ_CAUSE);
		if (!causes || !READ_ONCE(bd->regs))
			break;
		bny_write(bd, BNY_REG_IRQ_CAUSE, causes);
		bny_admin_handle(bd, causes);
	}

	if (test_and_clear_bit(BNY_FLAG_LINK, bd->flags))
		bny_link_update(bd);
	if (rounds == BNY_ADMIN_ROUNDS)
		queue_work(bny_admin_wq, &bd->admin_work);
}

/**
 * bny_irq_causes_enable() - let the administrative interrupt be sent
 * @bd: the function, just reset
 */
void bny_irq_causes_enable(struct bny_dev *bd)
{
	bny_write(bd, BNY_REG_IRQ_ENABLE, BNY_IRQ_LINK | BNY_IRQ_ERROR | bd->ops->irq_causes);
}

/**
 * bny_irq_causes_disable() - undo bny_irq_causes_enable()
 * @bd: the function
 */
void bny_irq_causes_disable(struct bny_dev *bd)
{
	bny_write(bd, BNY_REG_IRQ_ENABLE, 0);
}

/**
 * bny_irq_vector() - vector of a queue pair
 * @bd: the function
 * @qp: index of the queue pair
 *
 * Return: index of the vector.
 */
unsigned int bny_irq_vector(struct bny_dev *bd, unsigned int qp)
{
	if (bd->num_vectors_up == 1)
		return BNY_ADMIN_VECTOR;
	return 1 + qp % (bd->num_vectors_up - 1);
}

/**
 * bny_irq_connect() - let interrupts schedule NAPI
 * @bd: the function
 * @rings: set of rings, their NAPI contexts enabled
 */
void bny_irq_connect(struct bny_dev *bd, struct bny_rings *rings)
{
	unsigned int i;

	for (i = 0; i < rings->num; i++) {
		struct bny_vector *vector = &bd->vectors[rings->qp[i]->vector];

		rings->qp[i]->vector_next = vector->qps;
		/* The handler may walk the list as soon as it sees it */
		smp_store_release(&vector->qps, rings->qp[i]);
	}
}

/**
 * bny_irq_disconnect() - undo bny_irq_connect(); no handler looks at the rings any more
 * @bd: the function
 */
void bny_irq_disconnect(struct bny_dev *bd)
{
	unsigned int i;

	for (i = 0; i < bd->num_vectors; i++)
		WRITE_ONCE(bd->vectors[i].qps, NULL);
	for (i = 0; i < bd->num_vectors_up; i++)
		synchronize_irq(bd->vectors[i].irq);
}

/**
 * bny_irq_up() - request the interrupts of queue pairs
 * @bd: the function
 *
 * Can't fail: a machine that has run out of vectors makes queue pairs share them.
 *
 * Context: process, RTNL.
 */
void bny_irq_up(struct bny_dev *bd)
{
	int node = dev_to_node(&bd->pdev->dev);
	unsigned int i, cpu;
	int err;

	for (i = 1; i < bd->num_vectors; i++) {
		struct bny_vector *vector = &bd->vectors[i];

		snprintf(vector->name, sizeof(vector->name), "%s-q%u", bd->netdev->name, i - 1);
		err = request_irq(vector->irq, bny_irq_queues, 0, vector->name, vector);
		if (err) {
			netdev_warn(bd->netdev, "only %u of %u interrupts: %pe\n", i,
				    bd->num_vectors, ERR_PTR(err));
			break;
		}
		cpu = cpumask_local_spread(i - 1, node);
		irq_set_affinity_and_hint(vector->irq, cpumask_of(cpu));
	}
	bd->num_vectors_up = i;
}

/**
 * bny_irq_down() - undo bny_irq_up()
 * @bd: the function
 *
 * Context: process, RTNL.
 */
void bny_irq_down(struct bny_dev *bd)
{
	while (bd->num_vectors_up > 1) {
		struct bny_vector *vector = &bd->vectors[--bd->num_vectors_up];

		irq_update_affinity_hint(vector->irq, NULL);
		free_irq(vector->irq, vector);
	}
}

/**
 * bny_irq_alloc() - allocate MSI-X vectors, request the administrative interrupt
 * @bd: the function
 *
 * Context: process.
 * Return: 0 or -errno.
 */
int bny_irq_alloc(struct bny_dev *bd)
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

	INIT_WORK(&bd->admin_work, bny_admin_work);
	admin = &bd->vectors[BNY_ADMIN_VECTOR];
	snprintf(admin->name, sizeof(admin->name), "bny-admin@%s", pci_name(bd->pdev));
	err = request_irq(admin->irq, bny_irq_admin, 0, admin->name, admin);
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
 * bny_irq_free() - undo bny_irq_alloc(), and end the administrative work for good
 * @bd: the function, its causes disabled
 *
 * Context: process.
 */
void bny_irq_free(struct bny_dev *bd)
{
	struct bny_vector *admin = &bd->vectors[BNY_ADMIN_VECTOR];

	free_irq(admin->irq, admin);
	disable_work_sync(&bd->admin_work);
	kfree(bd->vectors);
	pci_free_irq_vectors(bd->pdev);
}

static int __init bny_admin_init(void)
{
	bny_admin_wq = alloc_workqueue("banyan", WQ_UNBOUND, 0);
	return bny_admin_wq ? 0 : -ENOMEM;
}
module_init(bny_admin_init);

static void __exit bny_admin_exit(void)
{
	destroy_workqueue(bny_admin_wq);
}
module_exit(bny_admin_exit);
